import { readFile } from 'node:fs/promises'
import { bundle } from './servers.ts'
import type { Page, World } from './world.ts'

/** What a page of a host's own is made of. */
interface Host {
  /** The options of `createSession` besides the backend. */
  readonly policy?: Record<string, unknown>
  /** The props of `<SessionWarning>`. */
  readonly warning?: Record<string, unknown>
  /** The props of `<LoginPage>`. */
  readonly login?: Record<string, unknown>
  /** Whether what lies beside the warning says how long one may be away. */
  readonly timeLimit?: Record<string, unknown>
}

const escaped = (text: string) => text.replaceAll('</script', '<\\/script')

/** A page of a host's own with the library in it, on the demo's server: a main part with a heading, and `#work` for what a test puts there. */
export async function openHost(world: World, { policy, warning, login, timeLimit }: Host = {}): Promise<Page> {
  const styles = await readFile(new URL('../src/react/styles.css', import.meta.url), 'utf8')
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Desk</title><style>${styles}</style>
    <body><div id="root"></div><script>${escaped(await bundle())}</script><script>
      const { createElement: h, LoginPage, RequireSession, SessionProvider, SessionWarning, TimeLimit } = stillhere
      const session = stillhere.createSession({
        backend: stillhere.eclecticiq({ baseUrl: '/api' }), ...${JSON.stringify(policy ?? {})} })
      const Desk = () => h('main', null, h('h1', null, 'Desk'), h('button', { onClick: session.signOut }, 'Sign out'),
        ${timeLimit ? `h(TimeLimit, ${JSON.stringify(timeLimit)}),` : ''} h('div', { id: 'work' }))
      const login = h(LoginPage, ${JSON.stringify(login ?? {})})
      stillhere.createRoot(document.getElementById('root')).render(h(SessionProvider, { session },
        h(SessionWarning, ${JSON.stringify(warning ?? {})}), h(RequireSession, { login }, h(Desk))))
    </script></body></html>`
  const url = `${world.url}/host`
  await world.context.route(url, (route) => route.fulfill({ contentType: 'text/html', body }))
  const page = await world.context.newPage()
  await page.goto(url)
  return page
}
