function listen(target: EventTarget, names: readonly string[], listener: () => void, signal: AbortSignal): void {
  for (const name of names) target.addEventListener(name, listener, { signal, capture: true })
}

/** Calls when the page is back in view or in touch: after another tab, sleep, the back button, or a lost network. */
export function onWake(listener: () => void): () => void {
  const controller = new AbortController()
  const shown = () => {
    if (document.visibilityState === 'visible') listener()
  }
  listen(document, ['visibilitychange'], shown, controller.signal)
  listen(document, ['resume'], listener, controller.signal)
  listen(window, ['pageshow', 'focus', 'online'], listener, controller.signal)
  return () => controller.abort()
}

/** Calls when the page is put away, into the back-forward cache or frozen: the last moment it can hide what it shows. */
export function onHide(listener: () => void): () => void {
  const controller = new AbortController()
  listen(document, ['freeze'], listener, controller.signal)
  listen(window, ['pagehide'], listener, controller.signal)
  return () => controller.abort()
}
