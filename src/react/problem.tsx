'use client'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { AuthError } from '../core/errors.ts'
import { useCarried } from './SessionProvider.tsx'

interface Problem {
  readonly text: string
  /** Whether it is about what was typed. */
  readonly isInput: boolean
}

/** What went wrong with a form: said, focused, tied to its fields, and gone when the server may be asked again. */
export function useProblem() {
  const { session, labels } = useCarried()
  const id = useId()
  const alert = useRef<HTMLParagraphElement>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [freeAt, setFreeAt] = useState(0)
  const wait = useWait(freeAt, session, () => setProblem(null))

  useEffect(() => {
    if (problem) alert.current?.focus()
  }, [problem])

  const message: ReactNode = problem && (
    <p id={id} role="alert" ref={alert} tabIndex={-1} data-stillhere="problem">
      {problem.text}
    </p>
  )
  return {
    message,
    /** Whole seconds until the server may be asked again. */
    wait,
    /** What every field of the form says of itself. */
    field: {
      'aria-invalid': problem?.isInput || undefined,
      'aria-describedby': problem ? id : undefined,
      required: true,
    } as const,
    /** Something was typed that can not be sent. */
    missing: (text: string) => setProblem({ text, isInput: true }),
    clear: () => setProblem(null),
    /** A request failed; `refused` is what a definite no means here. */
    failed(error: unknown, refused: string): void {
      const { kind, retryAfter } = error as AuthError
      if (!kind) return
      const isInput = kind === 'refused'
      const isThrottled = !isInput && retryAfter !== undefined
      if (isThrottled) setFreeAt(session.now() + retryAfter)
      const seconds = Math.ceil((retryAfter ?? 0) / 1_000)
      const text = isInput ? refused : isThrottled ? labels.throttled(labels.time(seconds)) : labels[kind]
      setProblem({ text, isInput })
    },
  }
}

interface Clock {
  now(): number
  wakeAt(time: number, wake: () => void): () => void
}

/** Whole seconds until `freeAt` (epoch ms, 0 for none), and then 0; calls `onFree` once it has come. */
function useWait(freeAt: number, { now, wakeAt }: Clock, onFree: () => void): number {
  const [wait, setWait] = useState(0)
  const free = useRef(onFree)
  free.current = onFree
  useEffect(() => {
    if (!freeAt) return
    let cancel = () => {}
    let left = Infinity
    const look = () => {
      // A clock that is set back meanwhile makes nobody wait longer.
      left = Math.max(0, Math.min(left - 1, Math.ceil((freeAt - now()) / 1_000)))
      setWait(left)
      if (left) cancel = wakeAt(now() + 1_000, look)
      else free.current()
    }
    look()
    return () => cancel()
  }, [freeAt, now, wakeAt])
  return wait
}
