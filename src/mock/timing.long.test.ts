import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { makeReceiver, signIns, text } from './fixture-readers.ts'

const PAIRS = 20

afterEach(() => vi.restoreAllMocks())

/** Milliseconds by the clock, as a caller sees them, and of the processor, which other programs do not lengthen. */
type Cost = { clock: number; processor: number }
type Pair = { known: Cost; unknown: Cost }

async function timed(act: () => Promise<unknown>): Promise<Cost> {
  const [start, used] = [performance.now(), process.cpuUsage()]
  await act()
  const { user, system } = process.cpuUsage(used)
  return { clock: performance.now() - start, processor: (user + system) / 1000 }
}

/** Times two things one after the other, so and so many times, in an order that is drawn each time. */
async function measure(times: number, known: () => Promise<unknown>, unknown: () => Promise<unknown>): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (let i = 0; i < times; i++) {
    if (Math.random() < 0.5) pairs.push({ known: await timed(known), unknown: await timed(unknown) })
    else {
      const first = await timed(unknown)
      pairs.push({ unknown: first, known: await timed(known) })
    }
  }
  return pairs
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
}

/** Medians, and the sign test: of equal times each of a pair is the longer one as often, give or take two standard deviations. */
function report(what: string, pairs: readonly Pair[]): void {
  const ms = (value: number) => `${value.toFixed(2)} ms`
  for (const by of ['clock', 'processor'] as const) {
    const [known, unknown] = [pairs.map((pair) => pair.known[by]), pairs.map((pair) => pair.unknown[by])]
    const differences = pairs.map((pair) => pair.unknown[by] - pair.known[by])
    const longer = differences.filter((difference) => difference > 0).length
    console.log(
      `${what}, by the ${by}: known ${ms(median(known))}, unknown ${ms(median(unknown))}, median difference ` +
        `${ms(median(differences))}; unknown took longer in ${longer} of ${pairs.length}, ` +
        `by chance ${pairs.length / 2} ± ${Math.sqrt(pairs.length).toFixed(0)}`,
    )
  }
}

describe('a name that no one has takes as long as a wrong password', () => {
  const all: Pair[] = []
  afterAll(() => report('all sign-ins', all))

  test.each(signIns.map((signIn) => [signIn.path, signIn] as const))('at %s', async (path, signIn) => {
    const { good, wrong } = signIn
    // What hashes cost by default.
    const { send, pass } = makeReceiver(signIn, { pbkdf2Iterations: 600_000 })
    const nameField = 'identity' in good ? 'identity' : 'username'
    await send(text(good))
    const derive = vi.spyOn(crypto.subtle, 'deriveBits')
    const attempt = (name: string) => async () => {
      pass(3_600_000)
      expect(await send(text({ ...good, [nameField]: name, password: 'wrong' }))).toBe(wrong)
    }
    const pairs = await measure(PAIRS, attempt('analyst@example.com'), attempt('nobody123@example.com'))
    report(`sign-in at ${path}`, pairs)
    all.push(...pairs)
    // What can be told for sure: the same derivations, whatever the clock of a busy machine says.
    expect(derive).toHaveBeenCalledTimes(PAIRS * 2)
    const costs = derive.mock.calls.map(([algorithm]) => (algorithm as Pbkdf2Params).iterations)
    expect(new Set(costs)).toEqual(new Set([600_000]))
  })
})

test('asking for a PIN takes an unknown identity as long as a known one', async () => {
  const { call, pass } = makeReceiver(signIns[0]!)
  const derive = vi.spyOn(crypto.subtle, 'deriveBits')
  const random = vi.spyOn(crypto, 'getRandomValues')
  const ask = (identity: string) => async () => {
    pass(600_000)
    const path = `/eclipse-conductor/rest/v1/global/identities/${identity}/password-change-init`
    expect((await call('POST', path, { body: { type: 'OTP' } })).status).toBe(204)
  }
  const [known, unknown] = [ask('analyst@example.com'), ask('nobody123@example.com')]
  for (let i = 0; i < 50; i++) await Promise.all([known(), unknown()])
  random.mockClear()
  report('asking for a PIN', await measure(1000, known, unknown))
  // A PIN is drawn for either, and drawn again once in ten thousand times.
  expect(random.mock.calls.length).toBeGreaterThanOrEqual(2000)
  expect(random.mock.calls.length).toBeLessThan(2020)
  expect(derive).not.toHaveBeenCalled()
})
