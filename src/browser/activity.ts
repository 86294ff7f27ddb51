import { inEveryFrame } from './frames.ts'

/** What is told as human input at the most once in this time. */
const QUIET = 1_000

const STRONG = ['keydown', 'pointerdown', 'click', 'touchstart']

/** The input that counts as someone being here; `scroll` and `focus` are missing, as scripts cause trusted ones. */
export const ACTIVITY_EVENTS: readonly string[] = [...STRONG, 'pointermove', 'wheel', 'input', 'paste']

/** Says that someone is here, in this page or a frame of its origin, at most once a second and kind; `strong` unless they only moved, scrolled, or text came in. */
export function onActivity(events: readonly string[], listener: (strong: boolean) => void): () => void {
  const isStill = createStillness()

  /** One hearing for what is strong and one for what is not: a move must not drown the click that follows it. */
  const hearing = (isStrong: boolean) => {
    let told = 0
    return (event: Event) => {
      const now = Date.now()
      // Unsigned, so that a clock set back does not make us deaf.
      if ((now - told) >>> 0 < QUIET) return
      const { isTrusted, repeat } = event as Partial<KeyboardEvent>
      // A key held down is not a person for ever.
      if (!isTrusted || repeat || isStill(event as PointerEvent)) return
      told = now
      listener(isStrong)
    }
  }
  const strong = hearing(true)
  const weak = hearing(false)
  return inEveryFrame((target, signal) => {
    for (const name of events)
      target.addEventListener(name, STRONG.includes(name) ? strong : weak, { capture: true, passive: true, signal })
  })
}

/** Tells a move that goes nowhere: the page moving under a pointer that rests. */
function createStillness() {
  let x: number | undefined
  let y: number | undefined
  // Engines that tell distances tell them of every move between those that are looked at; the others only tell where.
  let tellsDistance = false

  return ({ type, pointerType = 'mouse', screenX, screenY, movementX, movementY }: PointerEvent): boolean => {
    if (type !== 'pointermove' || pointerType !== 'mouse') return false
    const hasMoved = Boolean(movementX || movementY)
    const isElsewhere = screenX !== x || screenY !== y
    tellsDistance ||= hasMoved
    x = screenX
    y = screenY
    return !(hasMoved || (isElsewhere && !tellsDistance))
  }
}
