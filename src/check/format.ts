import type { Line, Outcome, Report } from './types.ts'

const WIDTH = 100
const INDENT = '  '
/** Symbol and word, so that neither colour nor symbol says anything alone. */
const MARKS: Record<Outcome, readonly [mark: string, colour: number]> = {
  pass: ['✓ pass', 32],
  fail: ['✗ FAIL', 31],
  warn: ['! warn', 33],
  info: ['i info', 36],
  skipped: ['- skip', 90],
}
const MARK_WIDTH = 8
/** A terminal would obey them, whoever sent them. */
const CONTROL = /\p{Cc}+/gu

/** The report as a card of at most 100 columns for people to read; `color` paints the marks for a terminal. */
export function formatReport(report: Report, { color = false }: { readonly color?: boolean } = {}): string {
  const paint = (text: string, code: number) => (color ? `\u001b[${code}m${text}\u001b[0m` : text)
  const { system, baseUrl, probe, lines } = report
  const titleWidth = Math.min(44, Math.max(...lines.map(({ title }) => title.length)))

  // Addresses of the server itself go without the origin, which stands above.
  const origin = URL.canParse(baseUrl) ? new URL(baseUrl).origin : baseUrl
  const short = (text: string) => text.replace(CONTROL, ' ').replaceAll(`${origin}/`, '/')

  function row({ outcome, title, remedy, ...line }: Line): string[] {
    const detail = short(line.detail)
    const [mark, colour] = MARKS[outcome]
    const start = INDENT.length + MARK_WIDTH
    const besides = start + titleWidth + 2
    // What went well is said in a word; what did not has the whole width.
    const isShort = title.length <= titleWidth && besides + detail.length <= WIDTH
    const head = `${INDENT}${paint(mark, colour)}${' '.repeat(MARK_WIDTH - mark.length)}`
    if (isShort && !remedy) return [`${head}${title.padEnd(titleWidth)}  ${detail}`]
    return [
      ...wrap(title, WIDTH - start).map((text, i) => (i ? ' '.repeat(start) : head) + text),
      ...indented(detail, start + 2),
      ...(remedy ? indented(`→ ${short(remedy)}`, start + 2) : []),
    ]
  }

  const groups = [...new Set(lines.map(({ group }) => group))]
  const body = groups.flatMap((group) => [
    '',
    paint(group, 1),
    ...lines.filter((line) => line.group === group).flatMap(row),
  ])
  const { complete, passed, failed, warned, informed, skipped } = report
  const good = complete ? paint('✓ Nothing failed.', 32) : paint('! Broken off: nothing failed so far.', 33)
  const verdict = failed ? paint(`✗ FAILED: ${failed} of ${lines.length} lines.`, 31) : good
  return [
    ...wrap(`${system} at ${baseUrl}`, WIDTH),
    ...wrap(`Protected path: ${probe ?? 'never asked for'}`, WIDTH),
    ...body,
    '',
    `${verdict} ${passed} passed, ${failed} failed, ${warned} warnings, ${informed} for information, ${skipped} skipped.`,
  ].join('\n')
}

const indented = (text: string, by: number) => wrap(text, WIDTH - by).map((line) => ' '.repeat(by) + line)

/** Breaks a text between words, and words only where they are longer than a line. */
function wrap(text: string, width: number): string[] {
  const words = text
    .replace(CONTROL, ' ')
    .split(' ')
    .flatMap((word) => word.match(new RegExp(`.{1,${width}}`, 'gsu')) ?? [''])
  const rows = ['']
  for (const word of words) {
    const last = rows.at(-1)!
    if (last && last.length + 1 + word.length > width) rows.push(word)
    else rows[rows.length - 1] = last ? `${last} ${word}` : word
  }
  return rows
}
