import { render } from './_page.tsx'

const KINDS = ['mousemove', 'pointermove', 'keydown']

/** The least that can tell that someone is here, at most once a second: one number compared an event. */
export function activity(): void {
  render(<p>Here</p>)
  let until = 0
  const hear = (event: Event) => {
    if (event.timeStamp < until) return
    until = event.timeStamp + 1_000
    localStorage.setItem('active', String(Date.now()))
  }
  for (const kind of KINDS) document.addEventListener(kind, hear, { capture: true, passive: true })
}
