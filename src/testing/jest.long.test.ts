import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = new URL('../..', import.meta.url).pathname
let home = ''

const npm = (cwd: string, timeout: number, ...args: string[]) =>
  spawnSync('npm', [...args, '--loglevel=error', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd,
    encoding: 'utf8',
    timeout,
  })

/** A project of its own that has Jest, and the packed package; says why, where it can not be installed. */
async function install(): Promise<string | null> {
  home = await mkdtemp(join(tmpdir(), 'stillhere-jest-'))
  await cp(join(ROOT, 'e2e/package/jest'), home, { recursive: true })
  const packed = npm(ROOT, 120_000, 'pack', '--pack-destination', home)
  expect(packed).toMatchObject({ status: 0 })
  const { status, stderr } = npm(home, 240_000, 'install', `./${packed.stdout.trim().split('\n').pop()}`)
  return status === 0 ? null : stderr
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
