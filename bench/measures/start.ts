import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Measure, Result, Setting } from '../measure.ts'
import { median } from '../statistics.ts'

const EXTENTS = {
  full: { starts: 7, builds: 5, tests: 2 },
  quick: { starts: 3, builds: 2, tests: 0 },
  smoke: { starts: 1, builds: 1, tests: 0 },
}
const LOOK_EVERY_MS = 20
const PATIENCE_MS = 120_000
const START = 'npm start, to the sign-in form'

/** What takes a while, by what a developer types. */
const COMMANDS = {
  'npm run build': ['npm', 'run', 'build'],
  'npm run build:demo': ['npm', 'run', 'build:demo'],
  'npx vitest run': ['npx', 'vitest', 'run'],
} as const
type Command = keyof typeof COMMANDS

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

interface Started {
  readonly child: ChildProcess
  /** All that it has written so far. */
  readonly output: () => string
}

/** Starts a command in a process group of its own. */
function launch([program, ...args]: readonly string[], env: Record<string, string> = {}): Started {
  const child = spawn(program!, args, { detached: true, stdio: 'pipe', env: { ...process.env, ...env } })
  // A group of its own is not told when who types interrupts this one.
  const interrupted = () => {
    process.kill(-child.pid!)
    process.exit(130)
  }
  process.once('SIGINT', interrupted)
  child.once('exit', () => process.off('SIGINT', interrupted))
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream!.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  return { child, output: () => output }
}

/** Ends a command and all that it has started. */
async function stop({ child }: Started): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  process.kill(-child.pid!, 'SIGTERM')
  await gone
}

/** ms from the command to a form to sign in with, in a fresh context of a browser that is there already. */
async function timeStart({ pages }: Setting): Promise<number> {
  const world = await pages.openWorld('empty')
  const page = await world.context.newPage()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const begun = performance.now()
  const started = launch(['npm', 'start'], { PORT: String(port) })
  try {
    const answers = () =>
      fetch(url, { headers: { accept: 'text/html' } }).then(
        ({ ok }) => ok,
        () => false,
      )
    while (!(await answers())) {
      if (started.child.exitCode !== null || performance.now() - begun > PATIENCE_MS)
        throw new Error(`npm start came to nothing:\n${started.output()}`)
      await sleep(LOOK_EVERY_MS)
    }
    await page.goto(url, { waitUntil: 'commit' })
    await page.locator('input[type=password]').waitFor({ timeout: PATIENCE_MS })
    return performance.now() - begun
  } finally {
    await stop(started)
    await world.close()
  }
}

async function timeCommand(name: Command): Promise<number> {
  const begun = performance.now()
  const started = launch(COMMANDS[name])
  const [code] = await once(started.child, 'close')
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${started.output()}`)
  return performance.now() - begun
}

async function run(setting: Setting): Promise<Result> {
  const { starts, builds, tests } = EXTENTS[setting.extent]
  const times = new Map<string, number[]>()
  async function take(name: string, rounds: number, work: () => Promise<number>) {
    const taken: number[] = []
    for (let round = 0; round < rounds; round++) {
      setting.say(`start: ${name}, round ${round + 1} of ${rounds}`)
      taken.push(await work())
    }
    if (taken.length) times.set(name, taken)
  }
  // The first one may have packages to prepare that the next ones find prepared.
  if (setting.extent !== 'smoke') await timeStart(setting)
  await take(START, starts, () => timeStart(setting))
  await take('npm run build', builds, () => timeCommand('npm run build'))
  await take('npm run build:demo', builds, () => timeCommand('npm run build:demo'))
  await take('npx vitest run', tests, () => timeCommand('npx vitest run'))

  const seconds = (ms: number) => (ms / 1000).toFixed(1)
  return {
    tables: [
      {
        title: 'Seconds that a developer waits, median of rounds',
        columns: ['', 'median', 'least', 'most', 'rounds'],
        rows: [...times].map(([name, taken]) => [
          name,
          seconds(median(taken)),
          seconds(Math.min(...taken)),
          seconds(Math.max(...taken)),
          taken.length,
        ]),
      },
    ],
    goals: [],
    figures: Object.fromEntries([...times].map(([name, taken]) => [`${name} s`, median(taken) / 1000])),
    notes: [
      `Real time from the command to its end, npm’s own part included; ${START.replace(', ', ' goes ')} in a browser that is there already, with packages installed${setting.extent === 'smoke' ? '' : ' and prepared by a start before'}. It hangs on the machine, and on what else that does.`,
    ],
  }
}

/** What a developer waits for. */
export const start: Measure = { name: 'start', title: 'Start, builds and tests', run }
