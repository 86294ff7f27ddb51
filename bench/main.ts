import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Measure } from './measure.ts'
import { countdown } from './measures/countdown.ts'
import { events } from './measures/events.ts'
import { memory } from './measures/memory.ts'
import { mount } from './measures/mount.ts'
import { refresh } from './measures/refresh.ts'
import { server } from './measures/server.ts'
import { size } from './measures/size.ts'
import { start } from './measures/start.ts'
import { tabs } from './measures/tabs.ts'
import { wake } from './measures/wake.ts'
import { type BenchOptions, helpFor, readOptions } from './options.ts'
import { createPages } from './pages.ts'
import { type Report, toMarkdown, toSvg } from './report.ts'
import { createTurns } from './turns.ts'

const MEASURES: readonly Measure[] = [size, events, tabs, refresh, wake, countdown, mount, memory, server, start]
const NAMES = MEASURES.map(({ name }) => name)
const REPORT = 'dist/bench'
const DOCUMENT = 'docs/measured.md'
const PICTURES = 'docs/pictures/'
const MARKS = /(<!-- measured -->\n).*?(<!-- \/measured -->)/s

const say = (line: string) => console.error(line)

function versionsOf(chromium: string): Record<string, string> {
  const { dependencies } = JSON.parse(readFileSync('bench/package.json', 'utf8'))
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  return { stillhere: version, ...(chromium && { Chromium: chromium }), ...dependencies }
}

/** Takes all measures in turn; one that breaks is named, and the others are worth their half an hour all the same. */
async function measure({ extent, only, seed }: BenchOptions): Promise<{ report: Report; broken: string[] }> {
  const pages = await createPages()
  const turns = createTurns(seed)
  const parts: Report['parts'][number][] = []
  const broken: string[] = []
  try {
    for (const { name, title, run } of MEASURES.filter(({ name }) => !only || only.includes(name))) {
      const start = performance.now()
      say(`${title} …`)
      try {
        parts.push({ name, title, ...(await run({ extent, pages, turns, say })) })
      } catch (error) {
        broken.push(name)
        console.error(error)
      }
      say(`${title}: ${Math.round((performance.now() - start) / 1000)} s`)
    }
    return { report: { at: new Date(), extent, seed, versions: versionsOf(pages.version()), parts }, broken }
  } finally {
    await pages.close()
  }
}

function write(report: Report, isWriting: boolean): void {
  mkdirSync(REPORT, { recursive: true })
  for (const chart of report.parts.flatMap(({ charts = [] }) => charts)) {
    writeFileSync(`${REPORT}/${chart.name}.svg`, toSvg(chart))
    if (isWriting) writeFileSync(`${PICTURES}measured-${chart.name}.svg`, toSvg(chart))
  }
  writeFileSync(`${REPORT}/report.md`, `# Measured\n\n${toMarkdown(report, '')}\n`)
  writeFileSync(`${REPORT}/report.json`, `${JSON.stringify(report, null, 2)}\n`)
  if (!isWriting) return
  const text = readFileSync(DOCUMENT, 'utf8')
  writeFileSync(DOCUMENT, text.replace(MARKS, `$1\n${toMarkdown(report, 'pictures/measured-')}\n\n$2`))
}

/** What is wrong with the command line is the reader's to put right, and needs no stack. */
function optionsOrExit(): BenchOptions | null {
  try {
    return readOptions(process.argv.slice(2), NAMES)
  } catch (error) {
    say(`${(error as Error).message}\n\n${helpFor(NAMES)}`)
    process.exit(2)
  }
}

const options = optionsOrExit()
if (!options) console.log(helpFor(NAMES))
else {
  const { report, broken } = await measure(options)
  write(report, options.isWriting && !broken.length)
  console.log(toMarkdown(report, ''))
  say(`The report is in ${REPORT}/report.md and report.json.`)
  console.log(
    JSON.stringify({
      at: report.at,
      extent: report.extent,
      seed: report.seed,
      goals: report.parts.flatMap(({ name, goals }) => goals.map((goal) => ({ measure: name, ...goal }))),
      figures: Object.fromEntries(report.parts.map(({ name, figures }) => [name, figures])),
    }),
  )
  if (broken.length) {
    say(`Broke: ${broken.join(', ')}; see above.${options.isWriting ? ` ${DOCUMENT} stays as it is.` : ''}`)
    process.exitCode = 1
  }
}
