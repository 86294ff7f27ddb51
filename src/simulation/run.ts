import type { Violation } from './facts.ts'
import type { History, Kind } from './history.ts'
import { createLedger } from './ledger.ts'
import { createStage, MIN, S, USERS } from './stage.ts'
import { createCast } from './steps.ts'
import { SYSTEMS } from './systems.ts'

/** What came of one history. */
export interface Outcome {
  readonly violation: Violation | null
  /** What happened, line by line. */
  readonly trail: readonly string[]
  readonly counts: Partial<Record<Kind, number>>
  readonly transitions: Readonly<Record<string, number>>
  /** The hours of all tabs together. */
  readonly tabHours: number
}

/** Plays a history, and holds every invariant against it after each step. */
export async function run(
  { setup, steps }: History,
  { isDiligent = false, works = isDiligent }: { isDiligent?: boolean; works?: boolean } = {},
): Promise<Outcome> {
  const stage = createStage(setup)
  const { world, chance } = stage
  const ledger = createLedger(stage)
  const cast = createCast(stage, ledger)
  let tabMs = 0
  world.onRecord = ledger.recorded
  const unexpected = (error: unknown) => ledger.violate('sane', `nobody handles ${error}`)
  process.on('unhandledRejection', unexpected)
  try {
    const isFine = () => !ledger.violations.length
    async function passing(work: () => Promise<void>): Promise<void> {
      const before = stage.elapsed()
      const count = cast.living().length
      await work()
      tabMs += (stage.elapsed() - before) * count
      await ledger.check(cast.pages)
    }

    /** Somebody is here, at the latest when it is due. */
    async function work(): Promise<void> {
      const page = cast.living().find(({ tab }) => tab.visible()) ?? cast.living()[0] ?? cast.open()
      cast.look(page)
      await world.advance(2 * S)
      if (page.session.getState().status === 'signed-out') {
        await Promise.all([page.session.signIn(USERS[0]).catch(unexpected), world.advance(6 * S)])
      }
      cast.press(page, chance.is(0.8))
      await world.advance(chance.upTo((ledger.idle - ledger.lead) * 0.9))
      if (!page.gone) cast.press(page, true)
      await world.settle()
    }

    const first = cast.open()
    await world.advance(2 * S)
    await Promise.all([first.session.signIn(USERS[0]).catch(unexpected), world.advance(S)])
    ledger.expectDiligence(isDiligent)
    for (const step of steps) {
      if (!isFine()) break
      if (works) await passing(work)
      await passing(() => cast.take(step))
    }

    ledger.expectDiligence(false)
    if (isFine()) await passing(heal)
    if (isFine()) {
      await ledger.reconcile(cast.pages, !!SYSTEMS[setup.system].make(fetch).revoke)
      await dispose()
    }

    async function heal(): Promise<void> {
      ledger.note('· all is well again')
      stage.set('network', 'up', true)
      stage.set('messages', 'prompt', true)
      stage.set('record', 'prompt', true)
      stage.set('late', 0, true)
      for (const page of cast.living()) {
        page.tab.broken.record = false
        page.tab.broken.channel = false
        page.tab.broken.storage = false
        page.trap = null
        page.awakeSince = stage.elapsed()
        if (page.tab.isFrozen()) await page.tab.thaw()
        else if (page.isMounted) page.tab.show()
        if (!page.isMounted) {
          page.isMounted = true
          page.stop = page.session.start()
        }
      }
      await world.advance(75 * S)
      for (const page of cast.living()) page.tab.online()
      await world.advance(25 * S)
    }

    async function dispose(): Promise<void> {
      for (const page of cast.living()) page.session.dispose()
      // What is on its way to the record and back arrives.
      await world.advance(100)
      const listeners = cast.living().reduce((n, { tab }) => n + tab.listeners(), 0)
      const loose = world.loose()
      if (listeners + loose) ledger.violate('I12', `${listeners} listeners and ${loose} alarms or turns are left`)
    }
  } finally {
    process.off('unhandledRejection', unexpected)
  }
  const { violations, trail, transitions } = ledger
  return { violation: violations[0] ?? null, trail, counts: cast.counts, transitions, tabHours: tabMs / (60 * MIN) }
}
