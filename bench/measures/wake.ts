import { createApi } from '../api.ts'
import { HOUR, MIN, openTimed, S, type Timed } from '../clock.ts'
import type { Measure, Result, Setting } from '../measure.ts'

const SLEEP = 2 * HOUR
const TTL = 15 * MIN
const POLL_EVERY = 15 * S

const TIMERS = ['frozen', 'fired'] as const
const FIRSTS = ['nothing', 'focus', 'mousemove', 'click'] as const
type First = (typeof FIRSTS)[number]
interface Case {
  readonly timers: (typeof TIMERS)[number]
  readonly first: First
}
const CASES: readonly Case[] = TIMERS.flatMap((timers) => FIRSTS.map((first) => ({ timers, first })))

const EXTENTS = {
  full: { cases: CASES, after: 28 * MIN, times: 3 },
  quick: { cases: CASES, after: 28 * MIN, times: 1 },
  smoke: { cases: [CASES[0]!, CASES[7]!], after: MIN, times: 1 },
}

interface Woken extends Case {
  readonly name: string
  /** Requests that went out after waking: items, and refreshes. */
  readonly sent: number
  /** Of these, before time went on. */
  readonly atOnce: number
  /** ms of the page's clock until nothing private is shown any more; `null`: it still is. */
  readonly over: number | null
}

declare const watched: { over: number | null }

/** What a person does first, as the browser tells of it: trusted, and nothing else with it. */
async function begin({ page }: Timed, first: First): Promise<void> {
  if (first === 'mousemove') await page.mouse.move(300, 300)
  if (first === 'click') {
    await page.mouse.down()
    await page.mouse.up()
  }
  if (first === 'focus') await giveFocus(page)
}

/** Windows look focused to their pages while they are driven; from here on they are as they are. */
async function takeFocus({ page, world }: Timed): Promise<void> {
  const cdp = await world.context.newCDPSession(page)
  await cdp.send('Emulation.setFocusEmulationEnabled', { enabled: false })
  await page.evaluate(() =>
    addEventListener('focus', () => Object.assign(globalThis, { hadFocus: true }), { capture: true }),
  )
  const other = await world.context.newPage()
  await other.bringToFront()
}

async function giveFocus(page: Timed['page']): Promise<void> {
  await page.bringToFront()
  await page.waitForFunction(() => 'hadFocus' in globalThis, null, { polling: 'raf', timeout: 5_000 })
}

async function measure({ pages, extent }: Setting, name: string, { timers, first }: Case): Promise<Woken> {
  const { after } = EXTENTS[extent]
  const api = createApi({ ttl: TTL })
  const timed = await openTimed(pages, name, 'wake', api)
  try {
    const { page, settle } = timed
    await page.getByLabel('Search').click()
    await page.getByRole('button', { name: 'Load' }).hover()
    if (first === 'focus') await takeFocus(timed)
    api.reset()
    await timed.pass(MIN)
    if (api.asked.items !== MIN / POLL_EVERY) throw new Error(`${name}: ${api.asked.items} polls in a minute`)
    await page.evaluate(
      (woke) => {
        const watched: { over: number | null } = { over: null }
        Object.assign(globalThis, { watched })
        const look = () => {
          const isShown = document.getElementById('protected')?.checkVisibility({ visibilityProperty: true }) ?? false
          if (isShown) watched.over = null
          else watched.over ??= Date.now() - woke
        }
        new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true })
      },
      (await timed.now()) + SLEEP,
    )

    api.reset()
    await timed.sleep(SLEEP, timers)
    await begin(timed, first)
    await settle()
    const sent = () => api.asked.items + api.asked.refreshes
    const atOnce = sent()
    await timed.pass(after)
    return { name, timers, first, sent: sent(), atOnce, over: await page.evaluate(() => watched.over) }
  } finally {
    await timed.close()
  }
}

async function run(setting: Setting): Promise<Result> {
  const { cases, after, times } = EXTENTS[setting.extent]
  const names = setting.pages.namesOf('wake')
  const woken: Woken[] = []
  for (let time = 0; time < times; time++)
    for (const each of setting.turns.shuffle(cases)) {
      setting.say(`wake: timers ${each.timers}, ${each.first} first`)
      // Nothing is timed: what is counted goes by clocks that stand.
      woken.push(...(await Promise.all(names.map((name) => measure(setting, name, each)))))
    }

  const of = (name: string, { timers, first }: Case) =>
    woken.filter((one) => one.name === name && one.timers === timers && one.first === first)
  const most = (all: readonly Woken[], key: 'sent' | 'atOnce') => Math.max(...all.map((one) => one[key]))
  const overOf = (all: readonly Woken[]) =>
    all.some(({ over }) => over === null) ? null : Math.max(...all.map(({ over }) => over!))
  const cell = (all: readonly Woken[]) => {
    const over = overOf(all)
    return `${most(all, 'sent')}; ${over === null ? 'never' : `${over / S} s`}`
  }
  const titleOf = ({ timers, first }: Case) => `${timers}, ${first}`
  const ours = woken.filter(({ name }) => name === 'stillhere')
  // With frozen timers and nobody there, a page does not run before its next poll.
  const isAtOnce = ({ timers, first, over }: Woken) =>
    over !== null && over <= (timers === 'frozen' && first === 'nothing' ? POLL_EVERY : 0)
  const figures: Record<string, number> = {}
  for (const name of names)
    for (const each of cases) {
      figures[`${name} ${titleOf(each)}: requests`] = most(of(name, each), 'sent')
      figures[`${name} ${titleOf(each)}: ms until over`] = overOf(of(name, each)) ?? -1
    }

  return {
    tables: [
      {
        title: 'Requests that go out after the wake; when the page knows that the session is over',
        columns: ['timers, what comes first', ...names],
        rows: cases.map((each) => [titleOf(each), ...names.map((name) => cell(of(name, each)))]),
      },
    ],
    charts: [
      {
        name: 'wake',
        title: 'Requests that go out after two hours of sleep, at the most',
        unit: '',
        bars: names.map((label) => ({
          label,
          value: most(
            woken.filter(({ name }) => name === label),
            'sent',
          ),
        })),
      },
    ],
    goals: [
      {
        text: 'over at once, in every case',
        value: `${ours.filter(isAtOnce).length} of ${ours.length}`,
        isMet: ours.every(isAtOnce),
      },
      {
        text: 'no request goes out through session.fetch, in any case',
        value: `${most(ours, 'sent')} at the most`,
        isMet: ours.every(({ sent }) => sent === 0),
      },
    ],
    figures,
    notes: [
      `Signed in, idle after 30 minutes, two hours of sleep, ${after / MIN} minutes after it, a poll each ${POLL_EVERY / S} s, tokens of ${TTL / MIN} minutes; ${times} × each case, the most of them. -1 in the figures: never.`,
      'Timers frozen: they go on where they were, as on a machine that slept. Fired: each that is due rings once on waking. The first input is a trusted one. Seconds are of the page’s clock; 0 s is before any time passes.',
      'With frozen timers and nobody there no script of a page runs before its next timer, here the poll: “at once” is then, and instead of the request.',
      'hand-rolled: the first input renews the old token (onAction) before react-idle-timer finds that nobody was there, and the answer signs in again for one more poll; with fired timers the poll renews first.',
      'react-idle-timer knows of no token: its poll is a plain request, and onIdle signs out. That is what its documentation tells to do.',
    ],
  }
}

/** What goes out after a sleep past the end of the session. */
export const wake: Measure = { name: 'wake', title: 'Waking after two hours', run }
