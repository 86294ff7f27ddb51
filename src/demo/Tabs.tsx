import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react'
import { keep, readKept } from './kept.ts'

interface Tab {
  readonly label: string
  readonly content: ReactNode
}

/** Tabs that change as the arrow keys move, and are found as they were left. ARIA APG, "Tabs". */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const place = `tab of ${label}`
  const [open, setOpen] = useState(() => Math.min(Number(readKept(place)) || 0, tabs.length - 1))
  const list = useRef<HTMLDivElement>(null)
  const id = useId()

  function show(next: number): void {
    setOpen(next)
    keep(place, String(next))
  }

  function move(event: KeyboardEvent): void {
    const isRightToLeft = getComputedStyle(list.current!).direction === 'rtl'
    const step = isRightToLeft ? -1 : 1
    const to = {
      ArrowRight: open + step,
      ArrowLeft: open - step,
      Home: 0,
      End: tabs.length - 1,
    }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = (to + tabs.length) % tabs.length
    show(next)
    list.current!.querySelectorAll('button')[next]!.focus()
  }
  return (
    <>
      <div ref={list} role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map(({ label }, i) => (
          <button
            key={label}
            type="button"
            role="tab"
            id={`${id}tab${i}`}
            aria-selected={i === open}
            aria-controls={`${id}panel${i}`}
            tabIndex={i === open ? 0 : -1}
            onClick={() => show(i)}
          >
            {label}
          </button>
        ))}
      </div>
      {tabs.map(({ label, content }, i) => (
        <div
          key={label}
          role="tabpanel"
          id={`${id}panel${i}`}
          aria-labelledby={`${id}tab${i}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
          tabIndex={0}
          hidden={i !== open}
        >
          {i === open && content}
        </div>
      ))}
    </>
  )
}
