import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'esbuild'
import { rolldown } from 'rolldown'
import type { Measure, Result } from '../measure.ts'

const ENTRIES = 'bench/sizes'
const MADE = 'bench/dist/sizes'
const FEATURES = ['idle detection', 'warning dialog', 'login page', 'token refresh', 'tabs'] as const
const SYSTEMS = ['eclecticiq', 'econnect', 'eclipse', 'datarhei', 'rest'] as const
const HEADLESS = 'stillhere-headless'
const COMPONENTS = 'stillhere-components'
const HAND_WRITTEN = 'hand-written'

const alias = { stillhere: resolve('dist/lib') }
const external = ['react', 'react-dom', 'react/jsx-runtime', 'react-dom/client']
const define = { 'process.env.NODE_ENV': '"production"' }

const bytes = (texts: readonly string[]) =>
  texts.reduce(
    (sum, text) => sum + brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
    0,
  )

/** What an entry's second line says that no browser of today loads. */
const withoutOf = (entry: string): string[] => {
  const [, name] = /^\/\/ without: (.*)/m.exec(readFileSync(entry, 'utf8')) ?? []
  return name === undefined ? [] : [name]
}

async function byEsbuild(entry: string): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    write: false,
    logLevel: 'error',
    alias,
    external: [...external, ...withoutOf(entry).map((name) => `*${name}`)],
    define,
  })
  return bytes(outputFiles.map(({ text }) => text))
}

async function byRolldown(entry: string): Promise<number> {
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    // What it does not find it would leave out of the bundle, and the size.
    onLog(_, { code, message }) {
      if (code === 'UNRESOLVED_IMPORT') throw new Error(message)
    },
    external: (id) => external.includes(id) || withoutOf(entry).some((name) => id.endsWith(name)),
    resolve: { alias },
    transform: { target: 'es2022', define },
  })
  const { output } = await bundle.generate({ format: 'esm', minify: true, comments: false })
  await bundle.close()
  return bytes(output.map((file) => (file.type === 'chunk' ? file.code : '')).filter(Boolean))
}

interface Size {
  readonly esbuild: number
  readonly rolldown: number
}

async function sizeOf(entry: string): Promise<Size> {
  return { esbuild: await byEsbuild(entry), rolldown: await byRolldown(entry) }
}

/** The size of a session with these systems, without components. */
function sizeWith(systems: readonly string[]): Promise<Size> {
  mkdirSync(MADE, { recursive: true })
  const path = `${MADE}/${systems.join('-')}.js`
  writeFileSync(path, `export { createSession, ${systems.join(', ')} } from 'stillhere'\n`)
  return sizeOf(path)
}

/** What an entry's first line says that it does. */
function featuresOf(entry: string): string[] {
  const [, said = ''] = /^\/\/ does: (.*)/.exec(readFileSync(entry, 'utf8')) ?? []
  const features = new Map(
    said.split(', ').map((part) => {
      const [, name = '', how = 'yes'] = /^(.*?)(?: \((.*)\))?$/.exec(part) ?? []
      return [name, how] as const
    }),
  )
  for (const name of features.keys())
    if (!(FEATURES as readonly string[]).includes(name)) throw new Error(`${entry}: ${name} is none of ${FEATURES}`)
  return FEATURES.map((name) => features.get(name) ?? 'no')
}

const shown = (size: number) => size.toLocaleString('en')

async function run(): Promise<Result> {
  const sizes = new Map<string, Size>()
  const features = new Map<string, string[]>()
  for (const file of readdirSync(ENTRIES)) {
    const entry = `${ENTRIES}/${file}`
    const name = basename(file, '.js')
    features.set(name, featuresOf(entry))
    sizes.set(name, await sizeOf(entry))
  }
  const [first, ...others] = SYSTEMS
  const systems: { name: string; alone: Size; extra: number | null }[] = []
  for (const name of SYSTEMS) {
    const alone = await sizeWith([name])
    const both = name === first ? null : await sizeWith([first, name])
    systems.push({ name, alone, extra: both && both.esbuild - sizes.get(HEADLESS)!.esbuild })
  }
  const all = (await sizeWith(SYSTEMS)).esbuild
  const headless = sizes.get(HEADLESS)!.esbuild
  const components = sizes.get(COMPONENTS)!.esbuild
  const extras = systems.flatMap(({ extra }) => (extra === null ? [] : [extra]))
  const ordered = [...sizes].sort(([, a], [, b]) => a.esbuild - b.esbuild)

  return {
    tables: [
      {
        title: 'Bytes of the bundle, minified and by brotli, React outside; and what of it is there',
        columns: ['', 'esbuild', 'rolldown', ...FEATURES],
        rows: ordered.map(([name, size]) => [name, shown(size.esbuild), shown(size.rolldown), ...features.get(name)!]),
      },
      {
        title: 'stillhere-headless by system, bytes',
        columns: ['', 'alone, esbuild', 'alone, rolldown', `beside ${first}, esbuild`],
        rows: [
          ...systems.map(({ name, alone, extra }) => [
            name,
            shown(alone.esbuild),
            shown(alone.rolldown),
            extra === null ? '' : `+${shown(extra)}`,
          ]),
          ['all five', shown(all), '', `+${shown(all - headless)}`],
        ],
      },
    ],
    charts: [
      {
        name: 'sizes',
        title: 'Bytes of the bundle (esbuild, brotli): they do not do the same',
        unit: 'B',
        bars: ordered.map(([label, { esbuild }]) => ({ label, value: esbuild })),
      },
    ],
    goals: [
      {
        text: 'headless with one system within 6,106 B (better: 5,519)',
        value: `${shown(headless)} B, and up to ${shown(Math.max(...systems.map(({ alone }) => alone.esbuild)))} with another system`,
        isMet: headless <= 6_106,
      },
      {
        text: 'with provider, hooks, warning, gate and login page within 8,500 B (better: 7,500)',
        value: `${shown(components)} B`,
        isMet: components <= 8_500,
      },
      {
        text: 'each further system within 500 B',
        value: `${extras.map(shown).join(', ')} B (${others.join(', ')})`,
        isMet: extras.every((extra) => extra <= 500),
      },
    ],
    figures: Object.fromEntries([
      ...ordered.flatMap(([name, size]) => [
        [`${name} esbuild B`, size.esbuild],
        [`${name} rolldown B`, size.rolldown],
      ]),
      ...systems.map(({ name, alone }) => [`stillhere-headless ${name} esbuild B`, alone.esbuild]),
      ...others.map((name, i) => [`one more system ${name} esbuild B`, extras[i]!]),
    ]),
    notes: [
      `Sizes alone mislead: the smaller ones do less, and what they leave to the app is not counted. ${HAND_WRITTEN} is react-idle-timer, jwt-decode and zustand with none of the code that makes a session of them. What each does is read in its own documentation, types and code: “yes” is ready for use, a word in its place says what there is instead. Login pages of the others are at their providers’ servers.`,
      `stillhere-headless is ${(headless / sizes.get(HAND_WRITTEN)!.esbuild).toFixed(1)} times as large as ${HAND_WRITTEN}. Bundles are exact and the same each time; parts that load later are counted with the rest, but for oidc-spa’s stand-in for browsers without crypto.subtle (some 100 kB).`,
    ],
  }
}

/** What an app's bundle grows by. */
export const size: Measure = { name: 'size', title: 'The bundle', run }
