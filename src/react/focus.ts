/** Remembers where the focus is, shadow roots included; the function it returns puts it back there, or to the page's main part. */
export function keepFocus(): () => void {
  let focused = document.activeElement as HTMLElement | null
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement as HTMLElement
  const selection = getSelection()
  const range = focused?.isContentEditable && selection?.rangeCount ? selection.getRangeAt(0) : null

  return () => {
    if (!focused?.isConnected || focused === document.body) {
      focused = document.querySelector('main, h1')
      if (!focused?.hasAttribute('tabindex')) focused?.setAttribute('tabindex', '-1')
    }
    // Chromium gives a closing dialog's focus back without the caret: keys would go nowhere. A selection elsewhere
    // must go first, or focusing what has the focus already does nothing.
    selection?.removeAllRanges()
    focused?.focus({ preventScroll: true })
    if (range) selection?.addRange(range)
  }
}
