import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = new URL('../..', import.meta.url).pathname
const ENTRIES = { index: 'index', react: 'react/index', mock: 'mock/index', testing: 'testing/index' }
const exported = Object.keys(ENTRIES).map((name) => [name === 'index' ? '.' : `./${name}`, `./${name}.js`])

let home = ''

/** A project of its own that has Jest, and the package as its only other tool. */
async function install(): Promise<string | null> {
  home = await mkdtemp(join(tmpdir(), 'stillhere-jest-'))
  await cp(join(ROOT, 'e2e/package/jest'), home, { recursive: true })
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: home,
    encoding: 'utf8',
    timeout: 240_000,
  })
  if (status !== 0) return stderr
  const outdir = join(home, 'node_modules/stillhere')
  await build({
    entryPoints: Object.fromEntries(
      Object.entries(ENTRIES).map(([name, path]) => [name, join(ROOT, `src/${path}.ts`)]),
    ),
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    external: ['react', 'react-dom'],
    logLevel: 'error',
  })
  const manifest = { name: 'stillhere', version: '0.0.0', type: 'module', exports: Object.fromEntries(exported) }
  await writeFile(join(outdir, 'package.json'), JSON.stringify(manifest))
  return null
}

let missing: string | null = null
beforeAll(async () => {
  missing = await install()
}, 300_000)
afterAll(() => rm(home, { recursive: true, force: true }))

test('a project with Jest 30 and jsdom tests its pages with it, as native modules', ({ skip }) => {
  if (missing !== null) {
    console.info(`Skipped: Jest could not be installed. ${missing.split('\n')[0]}`)
    skip()
  }
  const { status, stderr, stdout } = spawnSync('npm', ['test'], { cwd: home, encoding: 'utf8', timeout: 200_000 })
  expect(stderr + stdout).toContain('Test Suites: 3 passed, 3 total')
  expect(stderr).not.toContain('not wrapped in act')
  expect(status).toBe(0)
}, 240_000)
