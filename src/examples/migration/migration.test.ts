import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const TYPES = join(ROOT, 'node_modules/react-idle-timer/dist/types')

/** The names that an interface of react-idle-timer declares. */
const namesIn = (file: string) =>
  [...readFileSync(join(TYPES, file), 'utf8').matchAll(/^ {4}(\w+)\??[(:]/gm)].map(([, name]) => name!)

describe('the guide from react-idle-timer', () => {
  const guide = readFileSync(join(ROOT, 'docs/migration.md'), 'utf8')
  const table = guide.slice(guide.indexOf('## What you had'), guide.indexOf('## What you lose'))

  it.each(['IIdleTimerProps.d.ts', 'IIdleTimer.d.ts'])('says what becomes of every name in %s', (file) => {
    const names = namesIn(file)
    expect(names.length).toBeGreaterThan(15)
    expect(names.filter((name) => !new RegExp(`\`${name}(\\(\\))?\``).test(table))).toEqual([])
  })

  it('speaks of the version that was tried', () => {
    const { version } = JSON.parse(readFileSync(join(TYPES, '../../package.json'), 'utf8'))
    expect(guide).toContain(`react-idle-timer ${version}.`)
  })
})
