import { describe, expect, test } from 'vitest'
import { checkMock, HOST } from './fixture.ts'
import { formatReport, type Report } from './index.ts'

const report: Report = {
  system: 'Some System',
  baseUrl: `${HOST}/api`,
  probe: `${HOST}/api/orders`,
  complete: true,
  lines: [
    {
      id: 'sign-in',
      group: 'Signing in',
      title: 'Signs in',
      outcome: 'pass',
      detail: `POST ${HOST}/api/auth answered 200`,
    },
    { id: 'roles', group: 'The answer', title: 'Roles', outcome: 'info', detail: 'Not told.' },
    { id: 'clock', group: 'The answer', title: 'Clocks', outcome: 'warn', detail: 'Apart.', remedy: 'Set one.' },
    { id: 'refresh', group: 'Refresh', title: 'Refreshes', outcome: 'fail', detail: 'No.', remedy: `See ${HOST}/log` },
    { id: 'revoke', group: 'Sign-out', title: 'Signs out', outcome: 'skipped', detail: 'Nobody is signed in.' },
  ],
  passed: 1,
  failed: 1,
  warned: 1,
  informed: 1,
  skipped: 1,
}

const ESCAPES = /\p{Cc}\[\d+m/gu

describe('the report card', () => {
  test('has a line for each thing under its heading, its word beside its symbol, and a summary', () => {
    expect(formatReport(report)).toBe(`Some System at https://auth.example/api
Protected path: https://auth.example/api/orders

Signing in
  ✓ pass  Signs in   POST /api/auth answered 200

The answer
  i info  Roles      Not told.
  ! warn  Clocks
            Apart.
            → Set one.

Refresh
  ✗ FAIL  Refreshes
            No.
            → See /log

Sign-out
  - skip  Signs out  Nobody is signed in.

✗ FAILED: 1 of 5 lines. 1 passed, 1 failed, 1 warnings, 1 for information, 1 skipped.`)
  })

  test('says the same with colours as without', () => {
    const colored = formatReport(report, { color: true })
    expect(colored).toContain('\u001b[31m✗ FAIL\u001b[0m')
    expect(colored.replace(ESCAPES, '')).toBe(formatReport(report))
  })

  test('says so where nothing failed, and where it was broken off', () => {
    expect(formatReport({ ...report, failed: 0 })).toMatch(/\n✓ Nothing failed\. /)
    expect(formatReport({ ...report, failed: 0, complete: false })).toMatch(/\n! Broken off: nothing failed so far\. /)
  })

  test('is never wider than 100 columns, whatever it has to say', async () => {
    const long = 'a'.repeat(350)
    const [line] = report.lines
    const reports = [
      (await checkMock('Eclipse')).report,
      (await checkMock('EclecticIQ', { mock: { origins: [] }, before: (server) => server.setFaults({ down: true }) }))
        .report,
      {
        ...report,
        probe: `${HOST}/${long}`,
        lines: [{ ...line!, title: `${long} ${long}`, detail: long, remedy: long }],
      },
    ]
    for (const one of reports) {
      const rows = formatReport(one).split('\n')
      expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(100)
    }
  })

  test('lets no control character of a server through to the terminal', () => {
    const lines = [{ ...report.lines[0]!, detail: 'before\u001b[2Jafter\r\n' }]
    expect(formatReport({ ...report, lines })).toContain('before [2Jafter')
    const titled = [{ ...report.lines[2]!, title: 'Clo\u001b[2Jcks' }]
    const card = formatReport({ ...report, system: 'Some\u0007System', probe: `${HOST}/\u001b[2J`, lines: titled })
    expect(card.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })
})
