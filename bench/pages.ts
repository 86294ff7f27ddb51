import { readdir } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'
import { type Browser, type BrowserContext, type Page, chromium as playwright } from '@playwright/test'
import { build } from 'esbuild'
import { chromium, findChromium } from '../e2e/chromium.mjs'

const SUBJECTS = 'bench/subjects'

/** What a subject's file exports, for each measure it takes part in, is there in its page as `subject`. */
interface Bundle {
  readonly name: string
  readonly exports: readonly string[]
  readonly code: string
}

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

/** A fresh browser context with a server of its own, whose page runs one subject. */
export interface World {
  readonly context: BrowserContext
  readonly url: string
  open(): Promise<Page>
  close(): Promise<void>
}

export interface Pages {
  /** The subjects that take part in a measure: those whose file exports this name. */
  namesOf(part: string): string[]
  /** Serves a subject's page to a fresh context; `handle` answers all that is no page. */
  openWorld(subject: string, handle?: Handler): Promise<World>
  version(): string
  close(): Promise<void>
}

async function bundle(file: string): Promise<Bundle> {
  const name = basename(file).replace(/\.tsx?$/, '')
  const { outputFiles, metafile } = await build({
    entryPoints: [`${SUBJECTS}/${file}`],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    outdir: 'bench/dist',
    write: false,
    metafile: true,
    logLevel: 'warning',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: {
      stillhere: './dist/lib',
      react: './bench/node_modules/react',
      'react-dom': './bench/node_modules/react-dom',
    },
  })
  const { exports } = Object.values(metafile.outputs)[0]!
  return { name, exports, code: outputFiles[0]!.text }
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  return body
}

// React tells whoever looks like its developer tools of every commit, in a build for production too.
const pageOf = (name: string) => `<!doctype html><meta charset="utf-8"><title>${name}</title>
<body><div id="root"></div><script>
commits = 0
__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
  supportsFiber: true, renderers: new Map(), inject: () => 1, checkDCE() {},
  onCommitFiberRoot() { commits++ }, onCommitFiberUnmount() {}, onPostCommitFiberRoot() {},
}
</script><script type="module">
import * as subject from '/${name}.js'
globalThis.subject = subject
</script>`

/** Bundles every subject, and starts one browser for all of them. */
export async function createPages(): Promise<Pages> {
  const files = (await readdir(SUBJECTS)).filter((file) => /\.tsx?$/.test(file) && !file.startsWith('_'))
  const bundles = new Map((await Promise.all(files.map(bundle))).map((made) => [made.name, made]))
  let browser: Browser | null = null
  let launching: Promise<Browser> | null = null

  return {
    namesOf: (part) => [...bundles.values()].filter(({ exports }) => exports.includes(part)).map(({ name }) => name),

    async openWorld(subject, handle) {
      const { code } = bundles.get(subject)!
      // One for all of them, worlds that are opened at the same time included.
      launching ??= playwright.launch({
        ...chromium,
        executablePath: findChromium()!,
        args: [...chromium.args, '--js-flags=--expose-gc', '--enable-precise-memory-info'],
      })
      browser = await launching
      const server = createServer(async (request, response) => {
        const { pathname } = new URL(request.url!, 'http://localhost')
        const isCode = pathname === `/${subject}.js`
        if (isCode || pathname === '/') {
          response.setHeader('content-type', isCode ? 'text/javascript' : 'text/html')
          response.setHeader('cache-control', 'no-store')
          response.end(isCode ? code : pageOf(subject))
          return
        }
        const body = await readBody(request)
        if (handle && pathname !== '/favicon.ico') handle(request, response, body)
        else response.writeHead(404).end()
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const context = await browser.newContext()
      return {
        context,
        url,
        async open() {
          const page = await context.newPage()
          page.on('pageerror', (error) => console.error(`${subject}: ${error.stack ?? error}`))
          await page.goto(url)
          await page.waitForFunction(() => 'subject' in globalThis)
          return page
        },
        async close() {
          await context.close()
          server.closeAllConnections()
          server.close()
        },
      }
    },

    version: () => browser?.version() ?? '',
    close: async () => browser?.close(),
  }
}
