import { useEffect, useState } from 'react'
import { type IIdleTimerProps, useIdleTimer } from 'react-idle-timer'

/** As every subject has it: signed out after 30 minutes, asked 2 minutes before. */
export const TIMES = { timeout: 30 * 60_000, promptBeforeIdle: 2 * 60_000 }

interface WarningProps {
  readonly left: number
  readonly onStay: () => void
}

export const Warning = ({ left, onStay }: WarningProps) => (
  <div role="alertdialog" aria-modal="true" aria-labelledby="still-there">
    <h2 id="still-there">Are you still there?</h2>
    <p>You will be signed out in {left} seconds.</p>
    <button type="button" onClick={onStay}>
      Stay signed in
    </button>
  </div>
)

/** react-idle-timer's prompt with care: its seconds tick in a component of their own, and only while they are shown. */
export function IdleWarning(props: IIdleTimerProps) {
  const [open, setOpen] = useState(false)
  const [left, setLeft] = useState(0)
  const { activate, getRemainingTime } = useIdleTimer({
    ...TIMES,
    onPrompt: () => setOpen(true),
    onActive: () => setOpen(false),
    ...props,
  })
  useEffect(() => {
    if (!open) return
    const tick = () => setLeft(Math.ceil(getRemainingTime() / 1_000))
    tick()
    const timer = setInterval(tick, 500)
    return () => clearInterval(timer)
  }, [open, getRemainingTime])
  return open ? <Warning left={left} onStay={activate} /> : null
}
