'use client'
import { useEffect, useId, useLayoutEffect, useRef } from 'react'
import type { Problem } from './problem.ts'

/** What ties the fields of a form to what went wrong with it. */
export function useProblemFields(problem: Problem | null) {
  const id = useId()
  return {
    id,
    /** What every field of the form says of itself. */
    field: {
      'aria-invalid': problem?.isInput || undefined,
      'aria-describedby': problem ? id : undefined,
      required: true,
    } as const,
  }
}

/** What went wrong with a form, said and focused. */
export function ProblemMessage({ id, problem }: { id: string; problem: Problem }) {
  const alert = useRef<HTMLParagraphElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each problem anew, also one of the same words.
  useEffect(() => alert.current?.focus(), [problem])
  useLayoutEffect(() => {
    const told = alert.current!
    const form = told.parentElement!
    return () => {
      // What was told is over, as after throttling: on with what can be pressed now.
      if (document.activeElement === told) form.querySelector<HTMLElement>('[data-stillhere="submit"]')?.focus()
    }
  }, [])
  return (
    <p id={id} role="alert" ref={alert} tabIndex={-1} data-stillhere="problem" data-kind={problem.kind}>
      {problem.text}
    </p>
  )
}
