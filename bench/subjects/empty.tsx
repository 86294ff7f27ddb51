import { render } from './_page.tsx'

const KINDS = ['mousemove', 'pointermove', 'keydown']

/** A listener that does nothing. */
export function activity(): void {
  render(<p>Here</p>)
  for (const kind of KINDS) document.addEventListener(kind, () => {}, { capture: true, passive: true })
}
