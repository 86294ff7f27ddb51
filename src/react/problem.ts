import { useEffect, useMemo, useRef, useState } from 'react'
import type { AuthError } from '../core/errors.ts'
import type { ErrorKind } from '../core/types.ts'
import type { Labels } from './labels.ts'
import { useCarried } from './SessionProvider.tsx'
import { toSpoken } from './warning.ts'

/** What went wrong with a form. */
export interface Problem {
  /** `missing`: not everything was typed, nothing was sent. `throttled`: the server wants to be left alone for a while. */
  readonly kind: ErrorKind | 'missing' | 'throttled'
  /** What to tell the person. */
  readonly text: string
  /** Whether it is about what was typed. */
  readonly isInput: boolean
}

/** The labels that are plain words. */
type Word = { [K in keyof Labels]: Labels[K] extends string ? K : never }[keyof Labels]

interface Found {
  readonly kind: Problem['kind']
  readonly word: Word
  /** How long the server wants to be left alone. */
  readonly seconds?: number
}

const textOf = ({ word, seconds }: Found, labels: Labels): string =>
  seconds === undefined ? labels[word] : labels.throttled(labels.time(seconds))

/** What went wrong with a form, in the words of the moment, and gone when the server may be asked again. */
export function useProblem() {
  const { session, labels } = useCarried()
  const [found, setFound] = useState<Found | null>(null)
  const [freeAt, setFreeAt] = useState(0)
  const wait = useWait(freeAt, session, () => setFound(null))
  const text = found && textOf(found, labels)
  const problem = useMemo((): Problem | null => {
    const kind = found?.kind
    return kind && text !== null ? { kind, text, isInput: kind === 'refused' || kind === 'missing' } : null
  }, [found, text])
  return {
    /** The same object until something new goes wrong: whoever puts the focus there does so once. */
    problem,
    /** Whole seconds until the server may be asked again. */
    wait,
    /** The same on a button, in coarse steps: one whose name changes each second is read out each second. */
    waitLabel: labels.wait(labels.time(toSpoken(wait, found?.seconds ?? wait))),
    /** Something was not typed; `word` says what. */
    missing: (word: Word) => setFound({ kind: 'missing', word }),
    clear: () => setFound(null),
    /** A request failed; `refused` says what a definite no means here. */
    failed(error: unknown, refused: Word): void {
      const { kind, retryAfter } = error as AuthError
      if (!kind) return
      const isThrottled = kind !== 'refused' && retryAfter !== undefined
      if (isThrottled) setFreeAt(session.now() + retryAfter)
      setFound(
        isThrottled
          ? { kind: 'throttled', word: kind, seconds: Math.ceil(retryAfter / 1_000) }
          : { kind, word: kind === 'refused' ? refused : kind },
      )
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
