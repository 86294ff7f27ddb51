import type { Flatness } from './flat.ts'
import { HELP, readOptions, type SoakOptions } from './options.ts'
import { soakWeeks } from './weeks.ts'

const say = (line: string) => console.error(line)
const isBytes = (name: string) => /heap/i.test(name)
const shown = (name: string, value: number) => (isBytes(name) ? `${(value / 1_048_576).toFixed(2)} MB` : String(value))

function row(where: string, { name, first, last, limit, isFlat }: Flatness) {
  return {
    where,
    what: name,
    'first third': shown(name, first),
    'last third': shown(name, last),
    'at most': shown(name, limit),
    flat: isFlat ? 'yes' : 'NO',
  }
}

async function run({ only, ...options }: SoakOptions): Promise<boolean> {
  const weeks = only === 'page' ? [] : await soakWeeks({ ...options, say })
  const page = only === 'weeks' ? null : await (await import('./page.ts')).soakPage({ ...options, say })
  console.table([
    ...weeks.flatMap(({ system, figures }) => figures.map((figure) => row(system, figure))),
    ...(page?.figures ?? []).map((figure) => row('page', figure)),
  ])
  for (const { system, faults } of weeks) for (const fault of faults) say(`${system}: ${fault}`)
  const isGood =
    weeks.every(({ figures, faults }) => !faults.length && figures.every(({ isFlat }) => isFlat)) &&
    (!page || page.figures.every(({ isFlat }) => isFlat))
  console.log(JSON.stringify({ flat: isGood, ...options, weeks, page }))
  return isGood
}

/** What is wrong with the command line is the reader's to put right, and needs no stack. */
function optionsOrExit(): SoakOptions | null {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`)
    process.exit(2)
  }
}

try {
  const options = optionsOrExit()
  if (!options) console.log(HELP)
  else if (!(await run(options))) process.exitCode = 1
} catch (error) {
  console.error(error)
  process.exitCode = 2
}
