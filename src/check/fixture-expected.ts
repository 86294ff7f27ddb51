import { expect } from 'vitest'
import { checkMock, lineOf, linesOf, type Scene, type SystemName } from './fixture.ts'
import type { LineId } from './index.ts'

/** What must fail, what must warn, and what the first of the failures, or else of the warnings, must say. */
export type Expected = readonly [fail: readonly LineId[], warn: readonly LineId[], says: RegExp]

/** Checks a system in a scene, expects these lines and no others, and no secret in the report. */
export async function expectLines(expected: Expected, name: SystemName, scene: Scene): Promise<void> {
  const { report } = await checkMock(name, scene)
  const [fail, warn, says] = expected
  expect({ fail: linesOf(report, 'fail'), warn: linesOf(report, 'warn') }).toEqual({ fail, warn })
  for (const { outcome, remedy } of report.lines) {
    expect(remedy === undefined).toBe(outcome !== 'fail' && outcome !== 'warn')
  }
  expect(lineOf(report, fail[0] ?? warn[0]!).detail).toMatch(says)
  expect(JSON.stringify(report)).not.toMatch(/bug#1|eyJ|not-the-password/)
}
