/** The element that has the focus, in open shadow roots and in frames of this origin too. */
function focusedElement(): HTMLElement | null {
  let focused = document.activeElement
  for (let inner = focused; inner; ) {
    focused = inner
    const framed = (inner as HTMLIFrameElement).contentDocument
    inner = inner.shadowRoot?.activeElement ?? (framed?.activeElement === framed?.body ? null : framed!.activeElement)
  }
  return focused as HTMLElement | null
}

/** Puts the focus on an element; whether it takes it: what is disabled, hidden, inert or gone does not. */
function focus(element: HTMLElement): boolean {
  element.focus({ preventScroll: true })
  return element !== element.ownerDocument.body && focusedElement() === element
}

/** The places that tell where one is; the last ones are for a page in which a modal dialog, or what fills the screen, makes all else inert. */
const PLACES = ['main, [role="main"]', 'h1', 'dialog[open]', ':fullscreen']

/** Puts the focus on the page's main part, where the element that had it is gone. */
export function focusMain(): void {
  for (const place of PLACES) {
    for (const element of [...document.querySelectorAll<HTMLElement>(place)].reverse()) {
      const isNew = !element.hasAttribute('tabindex')
      if (isNew) element.setAttribute('tabindex', '-1')
      if (focus(element)) return
      if (isNew) element.removeAttribute('tabindex')
    }
  }
}

/** What is to be done once a gate is open again, by the gate. */
const postponed = new WeakMap<Element, () => void>()

/** Puts the focus back into a gate that has just been opened, if it was to go there meanwhile; whether it was. */
export function givePostponed(gate: Element): boolean {
  const giveBack = postponed.get(gate)
  postponed.delete(gate)
  giveBack?.()
  return !!giveBack
}

/** The closed gate that an element is behind, also where it is in a shadow root or a frame there. */
function closedGate(element: Element): Element | null {
  const around = (element.getRootNode() as Partial<ShadowRoot>).host ?? element.ownerDocument.defaultView?.frameElement
  return element.closest('[data-stillhere="gate"][inert]') ?? (around ? closedGate(around) : null)
}

/**
 * Remembers where the focus is, shadow roots and frames included; the function it returns puts it back there. Where it can not
 * be any more, that is left to `otherwise`.
 */
export function keepFocus(otherwise: () => void = focusMain): () => void {
  const focused = focusedElement()
  const selection = focused?.ownerDocument.getSelection()
  const range = focused?.isContentEditable && selection?.rangeCount ? selection.getRangeAt(0) : null

  return function giveBack(): void {
    // Nothing behind a closed gate can be focused.
    const gate = focused && closedGate(focused)
    if (gate) return void postponed.set(gate, giveBack)
    // Chromium gives a closing dialog's focus back without the caret: keys would go nowhere. A selection elsewhere
    // must go first, or focusing what has the focus already does nothing.
    selection?.removeAllRanges()
    if (!focused || !focus(focused)) otherwise()
    else if (range) selection?.addRange(range)
  }
}
