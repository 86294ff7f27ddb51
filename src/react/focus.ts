/** The element that has the focus, in open shadow roots too; a frame where the focus is inside of it. */
function focusedElement(): HTMLElement | null {
  let focused = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  return focused as HTMLElement | null
}

/** Puts the focus on an element; whether it takes it: what is disabled, hidden, inert or gone does not. */
function focus(element: HTMLElement): boolean {
  element.focus({ preventScroll: true })
  return element !== document.body && focusedElement() === element
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

/** The closed gate that an element is behind, also where it is in a shadow root there. */
function closedGate(element: Element): Element | null {
  const gate = element.closest('[data-stillhere="gate"][inert]')
  const root = element.getRootNode()
  return gate ?? (root instanceof ShadowRoot ? closedGate(root.host) : null)
}

/**
 * Remembers where the focus is, shadow roots and frames included; the function it returns puts it back there. Where it can not
 * be any more, that is left to `otherwise`.
 */
export function keepFocus(otherwise: () => void = focusMain): () => void {
  const focused = focusedElement()
  const selection = getSelection()
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
