import type { CDPSession } from '@playwright/test'
import { type Api, createApi } from '../api.ts'
import { HOUR, MIN, openTimed, S } from '../clock.ts'
import { type HeapParts, heapOf, heapPartsOf } from '../heap.ts'
import type { Measure, Result, Setting } from '../measure.ts'
import { type Flatness, judge } from '../soak/flat.ts'
import { mean } from '../statistics.ts'

const INPUT_EVERY = 30 * S
/** The same page without any of the subjects: what it takes is the app's, and the moved clock's. */
const CONTROL = 'bare-context'
/** By which a heap may grow over the last thirds and be called flat. */
const SHARE = 0.01

const EXTENTS = {
  full: { hours: 8, every: 30 * MIN },
  quick: { hours: 2, every: 10 * MIN },
  smoke: { hours: 1 / 6, every: MIN },
}

interface Sample {
  readonly heap: number
  readonly listeners: number
  readonly nodes: number
}
interface Watched {
  readonly name: string
  readonly samples: Sample[]
  /** At the end of the first third, and at the end. */
  readonly parts: HeapParts[]
  readonly refreshes: number
}

/** The first sample that counts. */
const afterThird = (count: number) => Math.floor(count / 3)

async function sample(cdp: CDPSession): Promise<Sample> {
  for (let round = 0; round < 3; round++) {
    await heapOf(cdp)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  const heap = await heapOf(cdp)
  const { metrics } = await cdp.send('Performance.getMetrics')
  const of = (name: string) => metrics.find((metric) => metric.name === name)!.value
  return { heap, listeners: of('JSEventListeners'), nodes: of('Nodes') }
}

/** Somebody moves the mouse, presses keys and clicks, for hours. */
async function watch(setting: Setting, name: string): Promise<Watched> {
  const { hours, every } = EXTENTS[setting.extent]
  const api: Api = createApi({ ttl: 15 * MIN, latency: 0 })
  const timed = await openTimed(setting.pages, name, 'memory', api)
  try {
    const { page } = timed
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Performance.enable')
    const samples: Sample[] = []
    const parts: HeapParts[] = []
    const last = (hours * HOUR) / every
    for (let passed = 0; passed <= hours * HOUR; passed += INPUT_EVERY) {
      if (passed % every === 0) {
        if ([afterThird(last + 1), last].includes(samples.length)) parts.push(await heapPartsOf(cdp))
        samples.push(await sample(cdp))
        if (name === 'stillhere') setting.say(`memory: ${Math.round(passed / MIN)} minutes`)
      }
      const turn = passed / INPUT_EVERY
      await page.mouse.move(200 + (turn % 50), 150 + (turn % 40))
      if (turn % 2) await page.keyboard.press('Shift')
      if (turn % 10 === 0) await page.getByRole('button', { name: 'Load' }).click()
      await timed.settle()
      await timed.pass(INPUT_EVERY)
    }
    if (!(await page.locator('#protected').isVisible())) throw new Error(`${name}: signed out, with somebody there`)
    return { name, samples, parts, refreshes: api.asked.refreshes }
  } finally {
    await timed.close()
  }
}

/** The straight line through samples (least squares): its rise a sample, and how far off that may be (95 %, normal errors). */
function slopeOf(values: readonly number[]) {
  const places = values.map((_, i) => i - (values.length - 1) / 2)
  const spread = places.reduce((sum, place) => sum + place * place, 0)
  const slope = places.reduce((sum, place, i) => sum + place * values[i]!, 0) / spread
  const middle = mean(values)
  const errors = values.map((value, i) => value - middle - slope * places[i]!)
  const variance = errors.reduce((sum, error) => sum + error * error, 0) / (values.length - 2)
  // Of 5 degrees of freedom, as few as there ever are, and a little wide for more.
  return { slope, margin: 2.571 * Math.sqrt(variance / spread) }
}

async function run(setting: Setting): Promise<Result> {
  const { hours, every } = EXTENTS[setting.extent]
  const names = setting.turns.shuffle(setting.pages.namesOf('memory'))
  // Nothing is timed, and the heap is each page's own.
  const watched = await Promise.all(names.map((name) => watch(setting, name)))
  watched.sort((a, b) => a.name.localeCompare(b.name))
  const control = watched.find(({ name }) => name === CONTROL)!
  const rest = <T>(values: readonly T[]) => values.slice(afterThird(values.length))
  const an = HOUR / every

  const judged = watched.map(({ name, samples, parts, refreshes }) => {
    const heaps = samples.map(({ heap }) => heap)
    const added = heaps.map((heap, i) => heap - control.samples[i]!.heap)
    const { slope, margin } = slopeOf(rest(name === CONTROL ? heaps : added))
    const late = slopeOf(added.slice(-Math.ceil(added.length / 2)))
    const ends = rest(samples)
    const steady = (key: 'listeners' | 'nodes') => Math.max(...ends.map((one) => one[key])) - ends[0]![key]
    const flatness: Flatness = judge(name, heaps, SHARE)
    return {
      name,
      refreshes,
      flatness,
      heap: heaps.at(-1)!,
      over: mean(rest(added)),
      slope: slope * an,
      margin: margin * an,
      lateSlope: late.slope * an,
      lateMargin: late.margin * an,
      listeners: ends.at(-1)!.listeners,
      nodes: ends.at(-1)!.nodes,
      things: parts[1]!.things,
      code: parts[1]!.code,
      moreThings: parts[1]!.things - parts[0]!.things,
      moreCode: parts[1]!.code - parts[0]!.code,
      moreListeners: steady('listeners'),
      moreNodes: steady('nodes'),
    }
  })
  const kB = (bytes: number) => (bytes / 1_000).toFixed(1)
  const signed = (bytes: number) => `${bytes < 0 ? '−' : '+'}${kB(Math.abs(bytes))}`
  const ours = judged.find(({ name }) => name === 'stillhere')!
  const bare = judged.find(({ name }) => name === CONTROL)!
  const peers = judged.filter(({ name }) => name !== CONTROL)
  if (setting.extent !== 'smoke')
    for (const { name, refreshes } of judged)
      if ((name === 'stillhere' || name === 'hand-rolled') && refreshes < hours * 20)
        throw new Error(`${name}: ${refreshes} refreshes in ${hours} hours of activity`)

  return {
    tables: [
      {
        title: `A tab after ${setting.extent === 'smoke' ? 'some minutes' : `${hours} hours`} of activity`,
        columns: [
          '',
          'heap, kB',
          'over the bare page, kB',
          'grows, kB an hour',
          'in the last half',
          'listeners',
          'nodes',
          'more listeners, nodes',
          'refreshes',
        ],
        rows: judged.map((one) => [
          one.name,
          kB(one.heap),
          one.name === CONTROL ? '' : kB(one.over),
          `${signed(one.slope)} (± ${kB(one.margin)})`,
          one.name === CONTROL ? '' : `${signed(one.lateSlope)} (± ${kB(one.lateMargin)})`,
          one.listeners,
          one.nodes,
          `${one.moreListeners}, ${one.moreNodes}`,
          one.refreshes,
        ]),
      },
      {
        title: 'What the heap is made of at the end, and what of it came after the first third',
        columns: [
          '',
          'objects and texts, kB',
          'compiled code, kB',
          'more objects and texts, B',
          'more compiled code, kB',
        ],
        rows: judged.map((one) => [one.name, kB(one.things), kB(one.code), one.moreThings, signed(one.moreCode)]),
      },
    ],
    charts: [
      {
        name: 'memory',
        title: 'Heap over the bare page, kB',
        unit: 'kB',
        bars: peers.map(({ name, over }) => ({ label: name, value: over / 1_000 })),
      },
    ],
    goals: [
      {
        text: 'flat: over the last two thirds the heap does not grow measurably against the bare page',
        value: `${signed(ours.slope)} kB an hour, ± ${kB(ours.margin)}; last third ${((ours.flatness.last / ours.flatness.first - 1) * 100).toFixed(2)} % above the first`,
        isMet: ours.slope - ours.margin <= 0 && ours.flatness.isFlat,
      },
      {
        text: 'objects and texts alone, without compiled code: at most 1 kB more than after a third, the bare page’s subtracted',
        value: `${ours.moreThings - bare.moreThings} B`,
        isMet: ours.moreThings - bare.moreThings <= 1_000,
      },
      {
        text: 'no more listeners or nodes at the end than after a third',
        value: `${ours.moreListeners} listeners, ${ours.moreNodes} nodes more`,
        isMet: ours.moreListeners <= 0 && ours.moreNodes <= 0,
      },
    ],
    figures: Object.fromEntries(
      judged.flatMap(({ name, flatness, ...figures }) =>
        Object.entries(figures).map(([key, value]) => [`${name} ${key}`, value]),
      ),
    ),
    notes: [
      `A real mouse move each ${INPUT_EVERY / S} s of the page’s clock, keys and clicks between, a poll each 15 s, tokens of 15 minutes renewed by activity where the subject does so; heap after garbage collection each ${every / MIN} minutes.`,
      'A browser goes on compiling what runs often for hours, in every page: of what grows, the second table tells compiled code from what a leak would leave, counted in snapshots of the heap.',
      `Growth is the slope of the last two thirds of the samples, of each less that of a bare page at the same time (${CONTROL}; its own is its own): whatever moving the clock takes is in both. What grows by less than ${kB(ours.margin)} kB an hour can not be told from what does not, for stillhere.`,
    ],
  }
}

/** Whether a tab that is used for a working day keeps its size. */
export const memory: Measure = { name: 'memory', title: 'A working day in one tab', run }
