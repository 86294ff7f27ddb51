import { createApi } from '../api.ts'
import { MIN, openTimed, S, type Timed } from '../clock.ts'
import type { Measure, Result, Setting } from '../measure.ts'

const INPUT_EVERY = 5 * S

const EXTENTS = {
  full: { length: MIN, times: 3 },
  quick: { length: MIN, times: 1 },
  smoke: { length: 5 * S, times: 1 },
}

/** What happened in the page, in all. */
interface Counted {
  readonly commits: number
  /** Changes of the document outside the dialog. */
  readonly outside: number
  readonly rows: number
}
type Phase = 'active' | 'warned'

declare const commits: number
declare const rowRenders: number
declare const outside: number

async function watch({ page }: Timed): Promise<void> {
  await page.evaluate(() => {
    const counted = Object.assign(globalThis, { outside: 0 })
    new MutationObserver((records) => {
      for (const { target, addedNodes, removedNodes } of records) {
        const isOf = (node: Node) =>
          (node instanceof Element ? node : node.parentElement)?.closest('[role=alertdialog]')
        if (!isOf(target) && ![...addedNodes, ...removedNodes].some(isOf)) counted.outside++
      }
    }).observe(document, { childList: true, subtree: true, attributes: true, characterData: true })
  })
}
const count = ({ page }: Timed): Promise<Counted> => page.evaluate(() => ({ commits, outside, rows: rowRenders }))

const isWarned = ({ page }: Timed) => page.getByRole('alertdialog').isVisible()

async function during(timed: Timed, doing: () => Promise<void>): Promise<Counted> {
  const before = await count(timed)
  await doing()
  const after = await count(timed)
  return {
    commits: after.commits - before.commits,
    outside: after.outside - before.outside,
    rows: after.rows - before.rows,
  }
}

async function measure({ pages }: Setting, name: string, length: number): Promise<Record<Phase, Counted>> {
  const timed = await openTimed(pages, name, 'countdown', createApi({ ttl: 15 * MIN }))
  try {
    const { page } = timed
    const be = async (what: string, is: boolean) => {
      if (!is)
        throw new Error(`${name}: it should be ${what}, and shows ${(await page.innerText('body')).slice(0, 200)}`)
    }
    await watch(timed)
    await page.mouse.move(100, 100)
    await timed.pass(5 * S)
    const active = await during(timed, async () => {
      for (let passed = 0; passed < length; passed += INPUT_EVERY) {
        await page.mouse.move(100 + passed / S, 100)
        await page.keyboard.press('Shift')
        await timed.pass(INPUT_EVERY)
      }
    })
    await be('active', !(await isWarned(timed)))
    await timed.pass(28 * MIN)
    await timed.pass(5 * S)
    await be('warned', await isWarned(timed))
    const warned = await during(timed, () => timed.pass(length))
    await be('warned still', await isWarned(timed))
    return { active, warned }
  } finally {
    await timed.close()
  }
}

async function run(setting: Setting): Promise<Result> {
  const { length, times } = EXTENTS[setting.extent]
  const names = setting.pages.namesOf('countdown')
  const counted = names.map((name) => ({ name, runs: [] as Record<Phase, Counted>[] }))
  for (let time = 0; time < times; time++)
    for (const { name, runs } of setting.turns.shuffle(counted)) {
      setting.say(`countdown: ${name}`)
      runs.push(await measure(setting, name, length))
    }

  const most = (name: string, phase: Phase, key: keyof Counted) =>
    Math.max(...counted.find((each) => each.name === name)!.runs.map((run) => run[phase][key]))
  const ours = (phase: Phase, key: keyof Counted) => most('stillhere', phase, key)
  const keys = ['commits', 'outside', 'rows'] as const
  const seconds = length / S

  return {
    tables: [
      {
        title: `React commits, changes of the document outside the dialog, and rows rendered again, of 200, in ${seconds} s`,
        columns: [
          '',
          ...(['active', 'warned'] as const).flatMap((phase) => [
            `${phase}: commits`,
            'changes outside the dialog',
            'rows',
          ]),
        ],
        rows: names.map((name) => [
          name,
          ...(['active', 'warned'] as const).flatMap((phase) => keys.map((key) => most(name, phase, key))),
        ]),
      },
    ],
    charts: [
      {
        name: 'countdown',
        title: `React commits in ${seconds} s of the warning`,
        unit: '',
        bars: names.map((label) => ({ label, value: most(label, 'warned', 'commits') })),
      },
    ],
    goals: [
      {
        text: '0 React commits while someone is active',
        value: String(ours('active', 'commits')),
        isMet: ours('active', 'commits') === 0,
      },
      {
        text: 'at most one commit a second while warned, inside the dialog alone',
        value: `${ours('warned', 'commits')} in ${seconds} s, ${ours('warned', 'outside')} changes outside the dialog`,
        isMet: ours('warned', 'commits') <= seconds && ours('warned', 'outside') === 0,
      },
      {
        text: '0 rows of the host rendered again',
        value: String(ours('active', 'rows') + ours('warned', 'rows')),
        isMet: ours('active', 'rows') + ours('warned', 'rows') === 0,
      },
    ],
    figures: Object.fromEntries(
      names.flatMap((name) =>
        (['active', 'warned'] as const).flatMap((phase) =>
          keys.map((key) => [`${name} ${phase} ${key}`, most(name, phase, key)]),
        ),
      ),
    ),
    notes: [
      `Counted, not timed: exact. The page’s clock is moved, from timer to timer; a mouse move and a key each ${INPUT_EVERY / S} s while active; the warning has been open for some seconds. ${times} × each, the most of them.`,
      'react-idle-timer: the seconds in a component of their own, which looks at the time each 500 ms while it is shown. In app: all of it in the app’s own component, with an interval that always runs.',
      'A commit is what React reports as one, those that change nothing included: a state that is set to what it was can cost one.',
      'The title of the document counts as outside the dialog.',
    ],
  }
}

/** How often React works while someone is there, and while the seconds tick. */
export const countdown: Measure = { name: 'countdown', title: 'While the seconds tick', run }
