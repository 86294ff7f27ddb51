/** Puts the focus on the page's main part, where the element that had it is gone. */
export function focusMain(): void {
  const main = document.querySelector<HTMLElement>('main, h1')
  if (!main?.hasAttribute('tabindex')) main?.setAttribute('tabindex', '-1')
  main?.focus({ preventScroll: true })
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

/** Remembers where the focus is, shadow roots included; the function it returns puts it back there, or to the page's main part. */
export function keepFocus(): () => void {
  let focused = document.activeElement as HTMLElement | null
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement as HTMLElement
  const selection = getSelection()
  const range = focused?.isContentEditable && selection?.rangeCount ? selection.getRangeAt(0) : null

  return function giveBack(): void {
    // Nothing behind a closed gate can be focused.
    const gate = focused?.closest('[data-stillhere="gate"][inert]')
    if (gate) return void postponed.set(gate, giveBack)
    // Chromium gives a closing dialog's focus back without the caret: keys would go nowhere. A selection elsewhere
    // must go first, or focusing what has the focus already does nothing.
    selection?.removeAllRanges()
    if (!focused?.isConnected || focused === document.body) focusMain()
    else focused.focus({ preventScroll: true })
    if (range) selection?.addRange(range)
  }
}
