// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest'
import { type Report, toMachine, toMarkdown, toSvg } from './report.ts'

const part: Report['parts'][number] = {
  name: 'events',
  title: 'An event heard',
  tables: [
    {
      title: 'Costs',
      columns: ['', 'ns'],
      rows: [
        ['stillhere', 12],
        ['a|b', 'none'],
      ],
    },
  ],
  goals: [
    { text: 'below 20 ns', value: '12 ns', isMet: true },
    { text: '0 bytes', value: '3 bytes', isMet: false },
  ],
  figures: {},
  notes: ['Ten rounds.'],
  charts: [{ name: 'events', title: 'What it costs', unit: 'ns', bars: [] }],
}
const report: Report = {
  at: new Date('2026-05-04T03:02:01Z'),
  extent: 'quick',
  seed: 3,
  versions: { stillhere: '0.1.0', Chromium: '150' },
  parts: [part],
}

describe('the report', () => {
  const text = toMarkdown(report, 'pictures/measured-')

  test('says when, how much, on what and beside what was measured', () => {
    expect(text).toContain(`Measured on 2026-05-04 (quick, seed 3): ${toMachine()}; stillhere 0.1.0, Chromium 150.`)
    expect(toMachine()).toContain(`Node ${process.versions.node}`)
  })

  test('has all goals first, and one that is missed as plainly as one that is met', () => {
    expect(text).toContain('| An event heard | below 20 ns | 12 ns | yes |')
    expect(text).toContain('| An event heard | 0 bytes | 3 bytes | **no** |')
    expect(text.indexOf('**no**')).toBeLessThan(text.indexOf('### An event heard'))
  })

  test('has the tables, pictures and notes of each measure', () => {
    expect(text).toContain('**Costs**\n\n|  | ns |\n| --- | ---: |\n| stillhere | 12 |')
    expect(text).toContain('![What it costs](pictures/measured-events.svg)')
    expect(text).toContain('Ten rounds.')
  })

  test('keeps a cell in its column, whatever is in it', () => {
    expect(text).toContain('| a\\|b | none |')
  })

  test('has no table of goals where there are none', () => {
    expect(toMarkdown({ ...report, parts: [{ ...part, goals: [] }] }, '')).not.toContain('Goals')
  })
})

describe('a picture', () => {
  const draw = (bars: { label: string; value: number }[]) => {
    const svg = toSvg({ name: 'x', title: 'Less & <more>', unit: 'ns', bars })
    return new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement
  }
  const widths = (svg: Element) => [...svg.querySelectorAll('rect')].map((bar) => Number(bar.getAttribute('width')))

  test('has bars as long as their values, and what each is and stands for beside it', () => {
    const svg = draw([
      { label: 'stillhere', value: 25 },
      { label: 'other', value: 100 },
    ])
    const [ours, other] = widths(svg)
    expect(other! / ours!).toBeCloseTo(4, 1)
    expect([...svg.querySelectorAll('text')].map(({ textContent }) => textContent)).toEqual([
      'Less & <more>',
      'stillhere',
      '25 ns',
      'other',
      '100 ns',
    ])
  })

  test('tells ours from the others, and is named for whoever does not see it', () => {
    const svg = draw([
      { label: 'stillhere', value: 1 },
      { label: 'other', value: 1 },
    ])
    expect([...svg.querySelectorAll('rect')].map((bar) => bar.getAttribute('class'))).toEqual(['ours', 'other'])
    expect(svg.getAttribute('role')).toBe('img')
    expect(svg.getAttribute('aria-label')).toBe('Less & <more>')
  })

  test('is one also where all is nothing, or less', () => {
    expect(
      widths(
        draw([
          { label: 'a', value: 0 },
          { label: 'b', value: -3 },
        ]),
      ),
    ).toEqual([1, 1])
    expect(widths(draw([]))).toEqual([])
  })
})
