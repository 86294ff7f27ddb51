import { cpus, totalmem } from 'node:os'
import type { Chart, Result, Table } from './measure.ts'

export interface Report {
  readonly at: Date
  readonly extent: string
  readonly seed: number
  readonly versions: Readonly<Record<string, string>>
  readonly parts: readonly (Result & { readonly name: string; readonly title: string })[]
}

const cell = (value: string | number) => String(value).replaceAll('|', '\\|')

function toTable({ title, columns, rows }: Table): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.map(cell).join(' | ')} |`
  return [`**${title}**`, '', line(columns), line(columns.map((_, i) => (i ? '---:' : '---'))), ...rows.map(line)].join(
    '\n',
  )
}

export const toMachine = () =>
  `${cpus().length} × ${cpus()[0]!.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}, Node ${process.versions.node}`

/** The report as a document. */
export function toMarkdown({ at, extent, seed, versions, parts }: Report, pictures: string): string {
  const goals = parts.flatMap(({ title, goals }) =>
    goals.map(({ text, value, isMet }) => [title, text, value, isMet ? 'yes' : '**no**']),
  )
  return [
    `Measured on ${at.toISOString().slice(0, 10)} (${extent}, seed ${seed}): ${toMachine()}; ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    ...(goals.length ? [toTable({ title: 'Goals', columns: ['', 'goal', 'measured', 'met'], rows: goals })] : []),
    ...parts.flatMap(({ title, tables, notes, charts = [] }) => [
      `### ${title}`,
      ...tables.map(toTable),
      ...charts.map((chart) => `![${chart.title}](${pictures}${chart.name}.svg)`),
      ...notes,
    ]),
  ].join('\n\n')
}

const ROW = 26
const LEFT = 190
const WIDTH = 720
const escapeXml = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** Bars beside each other, as a picture for light pages and dark ones. */
export function toSvg({ title, unit, bars }: Chart): string {
  const most = Math.max(...bars.map(({ value }) => value), 0) || 1
  const height = 44 + bars.length * ROW
  const rows = bars.map(({ label, value }, i) => {
    const y = 40 + i * ROW
    const width = Math.max(1, (Math.max(0, value) / most) * (WIDTH - LEFT - 90))
    const isOurs = label.startsWith('stillhere')
    return `<text x="${LEFT - 10}" y="${y + 13}" text-anchor="end"${isOurs ? ' font-weight="700"' : ''}>${escapeXml(label)}</text>
<rect class="${isOurs ? 'ours' : 'other'}" x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="18" rx="3"/>
<text x="${(LEFT + width + 8).toFixed(1)}" y="${y + 13}">${Number(value.toPrecision(3)).toLocaleString('en')} ${unit}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeXml(title)}">
<style>text{font:13px system-ui,sans-serif;fill:#1c2b28}.title{font-weight:700;font-size:15px}.ours{fill:#0b655a}.other{fill:#9bb0ac}
@media (prefers-color-scheme:dark){text{fill:#e6efed}.ours{fill:#4cc3b0}.other{fill:#5b716c}}</style>
<text class="title" x="0" y="20">${escapeXml(title)}</text>
${rows.join('\n')}
</svg>
`
}
