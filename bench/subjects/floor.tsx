import { render } from './_page.tsx'

const KINDS = ['mousemove', 'pointermove', 'keydown']

/** The least that can tell that someone is here, at most once a second: one number compared an event. */
export function activity(): void {
  render(<p>Here</p>)
  let until = 0
  const hear = () => {
    const now = Date.now()
    if (now < until) return
    until = now + 1_000
    localStorage.setItem('active', String(now))
  }
  for (const kind of KINDS) document.addEventListener(kind, hear, { capture: true, passive: true })
}
