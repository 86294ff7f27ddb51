import { rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'
import { type App, createApp, manifest, run, TARBALL } from './app.ts'

const ENTRIES = Object.keys(manifest.exports)
const MODULES = ENTRIES.filter((entry) => !/\.(css|json)$/.test(entry)).map((entry) => entry.replace('.', 'stillhere'))

const root = fileURLToPath(new URL('../..', import.meta.url))
const tool = (name: string, ...args: string[]) => run(root, `${root}node_modules/.bin/${name}`, args)

test.describe.configure({ mode: 'serial' })

let app: App

test.beforeAll(async () => {
  app = await createApp('node')
})
test.afterAll(() => app?.remove())

test('the tarball is as package registries and TypeScript want it', async () => {
  expect(await tool('publint', 'run', TARBALL, '--strict')).toMatchObject({ code: 0 })
  expect(await tool('attw', TARBALL, '--profile', 'esm-only', '--format', 'ascii')).toMatchObject({ code: 0 })
})

test('it holds what is documented, no test and nothing that points to what is not there', async () => {
  const { out } = await run(root, 'tar', ['tf', TARBALL])
  const paths = out.trim().split('\n')
  expect(paths.filter((path) => !/^package\/(dist\/(bin|lib)\/|[A-Z]+(\.md)?$|package\.json$)/.test(path))).toEqual([])
  expect(paths.filter((path) => /test\.|fixture|scene|simulation|demo\/|examples|\.map$/.test(path))).toEqual([])
  const { out: text } = await run(root, 'tar', ['xOf', TARBALL, '--wildcards', '*.js', '*.ts'])
  expect(text).not.toContain('sourceMappingURL')
})

test('every entry is imported in plain Node, touches nothing of a page and opens nothing', async () => {
  expect(await app.node('imports.js', ...MODULES)).toEqual({
    code: 0,
    out: 'nothing was opened\n',
    err: '',
  })
})

test('a session made on a server is inert: it renders as for nobody, and keeps no process alive', async () => {
  const { code, out, err } = await app.node('inert.js')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out.trim().split('\n')).toEqual(['One moment …', 'SessionOverError', 'SessionOverError'])
})

test('both commands are there, and adapter and mock meet without a page, types of pages or a port', async () => {
  expect(await app.run('stillhere-mock', '--version')).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' })
  expect(await app.run('stillhere-check', '--version')).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' })
  await app.runWell('tsc')
  expect(await app.node('fits.js')).toMatchObject({ code: 0, out: expect.stringContaining('REST API') })
})

// What stands in one adapter, and in no other.
const MARKS = {
  eclecticiq: 'EclecticIQ',
  econnect: 'eConnect',
  eclipse: 'Eclipse Conductor',
  datarhei: 'datarhei',
  rest: 'REST API',
} as const

for (const bundler of ['esbuild', 'rolldown'] as const) {
  for (const [name, mark] of Object.entries(MARKS)) {
    test(`with ${name} alone ${bundler} bundles no other adapter, and nothing of the mock or of React`, async () => {
      const entry = `${app.folder}/entry-${name}.js`
      await writeFile(
        entry,
        `import { createSession, ${name} } from 'stillhere'\nconsole.log(createSession, ${name})\n`,
      )
      const text = await bundle[bundler](entry)
      await rm(entry)
      const found = Object.values(MARKS).filter((other) => text.includes(other))
      expect(found).toEqual([mark])
      expect(text).not.toMatch(/from ?["']react|Hono|valibot|x-stillhere-mock/)
    })
  }
}

test('importing it for nothing bundles nothing', async () => {
  const entry = `${app.folder}/nothing.js`
  const ofPages = MODULES.filter((name) => !/mock|check/.test(name))
  await writeFile(entry, ofPages.map((name) => `import '${name}'\n`).join(''))
  const text = await bundle.esbuild(entry)
  await rm(entry)
  expect(text.trim()).toBe('')
})

const bundle = {
  async esbuild(entry: string): Promise<string> {
    const { build } = await import('esbuild')
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: 'esm',
      logLevel: 'error',
    })
    return outputFiles[0]!.text
  },
  async rolldown(entry: string): Promise<string> {
    const { rolldown } = await import('rolldown')
    const built = await rolldown({ input: entry, platform: 'browser' })
    const { output } = await built.generate({ format: 'esm' })
    return output[0].code
  },
}
