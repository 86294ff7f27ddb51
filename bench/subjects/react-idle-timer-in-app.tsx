import { useEffect, useState } from 'react'
import { useIdleTimer } from 'react-idle-timer'
import { Host } from './_host.tsx'
import { TIMES, Warning } from './_idle-warning.tsx'
import { render } from './_page.tsx'

const load = (path: string) => fetch(path)

/** The hook, the prompt and the seconds in the app's own component, where react-idle-timer's examples have them. */
function App() {
  const [isIn, setIn] = useState(true)
  const [open, setOpen] = useState(false)
  const [remaining, setRemaining] = useState(0)
  const { activate, getRemainingTime } = useIdleTimer({
    ...TIMES,
    throttle: 500,
    onPrompt: () => setOpen(true),
    onActive: () => setOpen(false),
    onIdle: () => setIn(false),
  })
  useEffect(() => {
    const timer = setInterval(() => setRemaining(Math.ceil(getRemainingTime() / 1_000)), 500)
    return () => clearInterval(timer)
  }, [getRemainingTime])
  if (!isIn) return <h1>Sign in</h1>
  return (
    <>
      {open && <Warning left={remaining} onStay={activate} />}
      <Host load={load} />
    </>
  )
}

export const countdown = (): void => render(<App />)
