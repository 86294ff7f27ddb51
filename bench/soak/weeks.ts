import type { Plant } from './desk.ts'
import { type Flatness, judge } from './flat.ts'
import { createOffice } from './office.ts'
import { type SoakSystem, SYSTEMS } from './systems.ts'

/** Code that is compiled again as it grows hot takes its share; a real leak is many times that. */
const HEAP_SHARE = 0.04
const WEEK = 7

export interface WeeksOptions {
  readonly weeks: number
  readonly seed: number
  readonly plant: Plant
  /** Told of each system as it is done. */
  readonly say: (line: string) => void
}

export interface SystemReport {
  readonly system: string
  readonly figures: readonly Flatness[]
  /** The most entries that the server held on any night. */
  readonly serverHeld: number
  readonly counts: Readonly<Record<string, number>>
  /** What was wrong besides growth. */
  readonly faults: readonly string[]
}

async function heapUsed(): Promise<number> {
  if (!globalThis.gc) throw new Error('Start Node with --expose-gc, as `npm run soak` does.')
  // What finalizers and settled promises let go of is free with the next round only.
  for (let round = 0; round < 3; round++) {
    globalThis.gc()
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  return process.memoryUsage().heapUsed
}

async function soak(system: SoakSystem, { weeks, seed, plant }: WeeksOptions): Promise<SystemReport> {
  const office = createOffice(system, seed, plant)
  const heap: number[] = []
  const nights: ReturnType<typeof office.census>[] = []
  let serverHeld = 0
  for (let day = 0; day < weeks * WEEK; day++) {
    await office.day()
    serverHeld = Math.max(serverHeld, await office.restart())
    // A weekend without anybody tells nothing.
    if (day % WEEK > 4) continue
    heap.push(await heapUsed())
    nights.push(office.census())
  }
  const all = (of: (night: (typeof nights)[number]) => number) => nights.map(of)
  const left = await office.close()
  return {
    system: system.name,
    figures: [
      judge('heap', heap, HEAP_SHARE),
      judge(
        'listeners',
        all(({ listeners }) => listeners),
        0,
      ),
      judge(
        'alarms, listeners, turns',
        all(({ loose }) => loose),
        0,
      ),
    ],
    serverHeld,
    counts: office.counts,
    faults: [
      ...(nights.some(({ signedIn }) => signedIn) ? ['someone was signed in at night'] : []),
      ...(nights.some(({ errors }) => errors) ? ['errors surfaced in a tab'] : []),
      ...(left ? [`after dispose ${left} alarms, listeners or turns are left`] : []),
    ],
  }
}

/** Simulated weeks of office work in Node, on all systems one after the other. */
export async function soakWeeks(options: WeeksOptions): Promise<SystemReport[]> {
  // Weeks that do not count: by then the code is compiled.
  await soak(SYSTEMS[0]!, { ...options, weeks: 4, seed: options.seed + 1, plant: null })
  const reports: SystemReport[] = []
  for (const system of SYSTEMS) {
    const startedAt = performance.now()
    reports.push(await soak(system, options))
    options.say(`${system.name}: ${options.weeks} weeks in ${Math.round((performance.now() - startedAt) / 1_000)} s`)
  }
  return reports
}
