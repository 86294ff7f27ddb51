import { useSyncExternalStore } from 'react'
import { say } from './said.ts'
import { session } from './session.ts'

const MINUTE = 60_000
const UPLOAD = 'Pretend upload'

let stopAt = 0
let timer: ReturnType<typeof setInterval> | null = null
const listeners = new Set<() => void>()

const secondsLeft = () => (timer ? Math.max(0, Math.ceil((stopAt - session.now()) / 1_000)) : 0)

function tell(): void {
  for (const listener of listeners) listener()
}

/** Stops touching the session. */
export function stopWork(): void {
  if (timer) clearInterval(timer)
  timer = null
  tell()
}

/** Touches the session once a second for a minute, as somebody would who types. */
export function startWork(): void {
  stopWork()
  stopAt = session.now() + MINUTE
  timer = setInterval(() => {
    const isOver = !session.getState().session || !secondsLeft()
    if (isOver) {
      stopWork()
      say('Nobody works here any more.')
    } else session.touch()
    tell()
  }, 1_000)
  session.touch()
  tell()
}

/** For how many more seconds somebody works; 0 while nobody does. */
export const useWork = (): number =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, secondsLeft)

let release: (() => void) | null = null

/** Whether the pretend upload is among what keeps the session awake. */
export const isUploading = (keptAwakeBy: readonly string[]): boolean => keptAwakeBy.includes(UPLOAD)

/** Keeps the session awake for three minutes, as an upload does. Throws `SessionOverError` while nobody is signed in. */
export function startUpload(): void {
  stopUpload()
  release = session.keepAwake(UPLOAD, { max: 3 * MINUTE })
}

/** The pretend upload is through. */
export function stopUpload(): void {
  release?.()
  release = null
}
