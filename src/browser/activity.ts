/** What is told as human input at the most once in this time. */
const QUIET = 1_000

const STRONG = ['keydown', 'pointerdown', 'click', 'touchstart']

/** The input that counts as someone being here; `scroll` and `focus` are missing, as scripts cause trusted ones. */
export const ACTIVITY_EVENTS: readonly string[] = [...STRONG, 'pointermove', 'wheel', 'input', 'paste']

/** Says that someone is here, at most once a second; `strong` unless they only moved, scrolled, or text came in. */
export function onActivity(events: readonly string[], listener: (strong: boolean) => void): () => void {
  const controller = new AbortController()
  let told = 0

  const heard = (event: Event) => {
    const now = Date.now()
    // Unsigned, so that a clock set back does not make us deaf.
    if ((now - told) >>> 0 < QUIET) return
    const { isTrusted, type, repeat, movementX, movementY } = event as Partial<KeyboardEvent & PointerEvent>
    // A key held down is not a person for ever; a move that goes nowhere is the page moving under the pointer.
    if (!isTrusted || repeat || (movementX === 0 && movementY === 0 && type === 'pointermove')) return
    told = now
    listener(STRONG.includes(type!))
  }
  for (const name of events) {
    addEventListener(name, heard, { capture: true, passive: true, signal: controller.signal })
  }
  return () => controller.abort()
}
