/**
 * Listens in this window and in every frame of its origin, at any depth, those that come or are navigated later included.
 * Returns the way out. A frame in a shadow tree is found when someone goes into it, in a closed one never.
 */
export function inEveryFrame(listen: (target: Window, signal: AbortSignal) => void): () => void {
  const heard = new Map<Window, AbortController>()
  let isOn = true

  function leave(target: Window): void {
    heard.get(target)?.abort()
    heard.delete(target)
  }

  function enter(target: Window | null | undefined): void {
    for (const old of heard.keys()) if (old.closed) leave(old)
    if (!isOn || !target || target.closed) return
    leave(target)
    const controller = new AbortController()
    const { signal } = controller
    try {
      const { document } = target
      heard.set(target, controller)
      listen(target, signal)
      // Frames tell that they have loaded, those without an address too; it does not bubble.
      document.addEventListener('load', (event) => enter(frameOf(event.target)), { capture: true, signal })
      target.addEventListener('blur', () => enter(frameOf(focused(document))), { signal })
      if (target !== window) {
        const next = () => {
          leave(target)
          // What comes in its place may be used long before all of it has loaded.
          setTimeout(enter, 0, target)
        }
        target.addEventListener('pagehide', next, { signal })
      }
      for (let n = 0; n < target.length; n++) enter(target[n])
    } catch {
      // Another origin's: only what runs in it can hear what happens there.
    }
  }

  enter(window)
  return () => {
    isOn = false
    for (const target of heard.keys()) leave(target)
  }
}

const frameOf = (element: unknown) => (element as Partial<HTMLIFrameElement> | null)?.contentWindow

/** Where the focus is, also in open shadow trees. */
function focused({ activeElement }: DocumentOrShadowRoot): Element | null {
  const inner = activeElement?.shadowRoot
  return inner ? focused(inner) : activeElement
}
