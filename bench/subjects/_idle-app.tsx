import { useState } from 'react'
import type { IIdleTimerProps } from 'react-idle-timer'
import { Host } from './_host.tsx'
import { IdleWarning } from './_idle-warning.tsx'
import { render } from './_page.tsx'

const load = (path: string) => fetch(path)

/** react-idle-timer alone, which knows of no token: who is idle is signed out by `onIdle`. */
function IdleApp(props: IIdleTimerProps) {
  const [isIn, setIn] = useState(true)
  if (!isIn) return <h1>Sign in</h1>
  return (
    <>
      <IdleWarning {...props} onIdle={() => setIn(false)} />
      <Host load={load} />
    </>
  )
}

export const renderIdleApp = (props: IIdleTimerProps = {}): void => render(<IdleApp {...props} />)
