import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Measure } from './measure.ts'
import { events } from './measures/events.ts'
import { refresh } from './measures/refresh.ts'
import { tabs } from './measures/tabs.ts'
import { wake } from './measures/wake.ts'
import { type BenchOptions, helpFor, readOptions } from './options.ts'
import { createPages } from './pages.ts'
import { type Report, toMarkdown, toSvg } from './report.ts'
import { createTurns } from './turns.ts'

const MEASURES: readonly Measure[] = [events, tabs, refresh, wake]
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

async function measure({ extent, only, seed }: BenchOptions): Promise<Report> {
  const pages = await createPages()
  const turns = createTurns(seed)
  const parts: Report['parts'][number][] = []
  try {
    for (const { name, title, run } of MEASURES.filter(({ name }) => !only || only.includes(name))) {
      const start = performance.now()
      say(`${title} …`)
      parts.push({ name, title, ...(await run({ extent, pages, turns, say })) })
      say(`${title}: ${Math.round((performance.now() - start) / 1000)} s`)
    }
    return { at: new Date(), extent, seed, versions: versionsOf(pages.version()), parts }
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
  const report = await measure(options)
  write(report, options.isWriting)
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
}
