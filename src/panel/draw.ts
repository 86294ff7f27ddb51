import type { Entry, Mark } from './entries.ts'
import { explain } from './explain.ts'
import { type Frame, LANES, MARK_GAP } from './frame.ts'
import { glyph } from './glyphs.ts'
import type { Snapshot, Step } from './history.ts'
import { toClock, toCountdown, toMinutes } from './words.ts'

/** Marks that stand so close together that one button tells of them all. */
export interface Cluster {
  readonly x: number
  /** Newest first. */
  readonly entries: readonly Entry[]
}

/** A session as paths: their number does not grow with what is drawn, and their length not beyond the width. */
export interface Drawing {
  readonly ticks: readonly { readonly x: number; readonly text: string }[]
  /** The time left, and how it falls if nobody comes. */
  readonly line: string
  readonly area: string
  readonly ahead: string
  /** The time left at which the warning opens; `null` while nobody is signed in. */
  readonly threshold: { readonly y: number; readonly text: string } | null
  readonly top: string
  readonly activity: string
  readonly keptAwake: string
  /** Two rows, by turns. */
  readonly tokens: string
  /** What is left of the latest token's life. */
  readonly rest: string
  readonly renewal: string
  readonly durations: string
  readonly marks: Readonly<Partial<Record<Mark, string>>>
  /** When a refresh goes out next, or can at the earliest. */
  readonly next: string
  readonly clusters: readonly Cluster[]
  readonly warnings: string
  readonly asleep: string
  readonly throttled: string
  readonly now: number | null
}

const STEPS = [5, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600].map((seconds) => seconds * 1_000)
/** A label of the time needs so much room, in px. */
const LABEL = 58
/** Bars of activity, in px. */
const BAR = 5

/** Draws what a snapshot has of a stretch of time. Pure. */
export function draw(snapshot: Snapshot, frame: Frame): Drawing {
  const { from, to, width } = frame
  const { steps, now, inspection } = snapshot
  const { lengths } = inspection
  const scale = width / (to - from)
  const x = (at: number) => round((at - from) * scale)
  const inside = (at: number, until = at) => until >= from && at <= to
  const clamp = (px: number) => Math.min(width, Math.max(0, px))
  const box = (at: number, until: number, y: number, height: number, least = 1) => {
    const left = clamp(x(at))
    const size = Math.max(least, clamp(x(until)) - left)
    return `M${left} ${round(y)}h${round(size)}v${round(height)}h${round(-size)}z`
  }
  const boxes = <T>(
    items: readonly T[],
    one: (item: T) => readonly [number, number, number, number, number?] | null,
  ): string => {
    let path = ''
    for (const item of items) {
      const found = one(item)
      if (found && inside(found[0], found[1])) path += box(...found)
    }
    return path
  }

  const points = pointsOf(steps, from, Math.min(now, to))
  const idle = lengths && Number.isFinite(lengths.idle) ? lengths.idle : 0
  const highest = points.reduce((most, { left }) => (left === null ? most : Math.max(most, left)), idle)
  const { left: lane, activity, tokens, marks } = LANES
  const y = (left: number) => round(lane.y + lane.height * (1 - (highest ? Math.min(1, left / highest) : 0)))
  const { line, area } = lineOf(points, x, y, lane.y + lane.height)

  const last = steps.at(-1)?.deadline ?? null
  const isNowInside = inside(now)
  const end = last === null ? now : Math.min(last, to)
  const ahead = last !== null && isNowInside ? `M${x(now)} ${y(last - now)}L${x(end)} ${y(last - end)}` : ''

  const cell = Math.max(1, Math.ceil(BAR / scale / snapshot.bucket)) * snapshot.bucket
  const token = snapshot.tokens.at(-1)
  const current = token?.until === null ? token : null
  const seen = snapshot.entries.filter((entry) => entry.mark && inside(entry.at, entry.until ?? entry.at))
  const refresh = explain(inspection, snapshot.state).lines.find(({ about }) => about === 'refresh')
  const row = tokens.height / 2

  return {
    ticks: ticksOf(frame, x),
    line,
    area,
    ahead,
    threshold:
      lengths && Number.isFinite(lengths.lead) && current
        ? { y: y(lengths.lead), text: `warns at ${toCountdown(lengths.lead)}` }
        : null,
    top: highest ? toCountdown(highest) : '',
    activity: boxes(cellsOf(snapshot, cell), ({ at, share }) => {
      // By the root: also a little activity is to be seen beside much.
      const height = Math.max(2, activity.height * Math.sqrt(share))
      return [at, Math.min(now, at + cell - 1 / scale), activity.y + activity.height - height, height]
    }),
    keptAwake: boxes(snapshot.keptAwake, ({ from: at, to: until }) => [at, until ?? now, activity.y - 4, 3]),
    tokens: boxes(snapshot.tokens, ({ from: at, until, generation }) => [
      at,
      Math.max(at, (until ?? now) - 1 / scale),
      tokens.y + (generation % 2) * row,
      row - 1,
    ]),
    rest: current?.expiresAt
      ? boxes([current], ({ expiresAt, generation }) => [
          now,
          Math.max(now, expiresAt!),
          tokens.y + (generation % 2) * row,
          row - 1,
        ])
      : '',
    renewal: boxes(snapshot.tokens, ({ from: at, until, refreshEndsAt }) =>
      refreshEndsAt === null || !Number.isFinite(refreshEndsAt)
        ? null
        : [at, until ?? refreshEndsAt, tokens.y + tokens.height, 2],
    ),
    durations: boxes(seen, ({ at, until }) =>
      until && (until - at) * scale >= 3 ? [at, until, marks.y + marks.height - 3, 3] : null,
    ),
    marks: marksOf(seen, x),
    next:
      refresh?.at && refresh.at > now && inside(refresh.at)
        ? glyph('next', x(refresh.at), marks.y + marks.height * 0.7)
        : '',
    clusters: clustersOf(seen, (at) => Math.min(width - MARK_GAP / 2, Math.max(MARK_GAP / 2, x(at)))),
    warnings: boxes(snapshot.warnings, ({ from: at, to: until }) => [at, until ?? now, lane.y, lane.height, 2]),
    ...gapsOf(snapshot, boxes),
    now: isNowInside ? x(now) : null,
  }
}

const round = (px: number) => Math.round(px * 10) / 10

interface Point {
  readonly at: number
  /** Time left in ms; `null`: nobody is signed in. */
  readonly left: number | null
}

/** The time left falls by a second each second, and jumps where the deadline moves. */
function pointsOf(steps: readonly Step[], from: number, until: number): Point[] {
  const points: Point[] = []
  let deadline: number | null = null
  const add = (at: number) => points.push({ at, left: deadline === null ? null : Math.max(0, deadline - at) })
  let isBegun = false
  for (const step of steps) {
    if (step.at > until) break
    if (step.at >= from) {
      if (!isBegun) add(from)
      isBegun = true
      add(step.at)
    }
    deadline = step.deadline
    if (isBegun) add(step.at)
  }
  if (!isBegun && until >= from) add(from)
  if (until >= from) add(until)
  return points
}

/** One path; where many points fall into one column of pixels, its first, lowest, highest and last. */
function lineOf(points: readonly Point[], x: (at: number) => number, y: (left: number) => number, floor: number) {
  let line = ''
  let area = ''
  let pen = false
  let begun = 0
  let column = null as { x: number; first: number; low: number; high: number; last: number } | null
  const flush = () => {
    if (!column) return
    const { x: at, first, low, high, last } = column
    for (const [index, each] of [first, low, high, last].entries()) {
      if (index && each === [first, low, high, last][index - 1]) continue
      line += `${pen ? 'L' : 'M'}${at} ${each}`
      area += `${pen ? 'L' : `M${at} ${floor}L`}${at} ${each}`
      if (!pen) begun = at
      pen = true
    }
    column = null
  }
  let lastX = 0
  const close = () => {
    flush()
    if (pen) area += `L${lastX} ${floor}L${begun} ${floor}z`
    pen = false
  }
  for (const { at, left } of points) {
    if (left === null) {
      close()
      continue
    }
    const px = x(at)
    const py = y(left)
    lastX = px
    if (column && Math.floor(column.x) === Math.floor(px)) {
      column.low = Math.max(column.low, py)
      column.high = Math.min(column.high, py)
      column.last = py
    } else {
      flush()
      column = { x: px, first: py, low: py, high: py, last: py }
    }
  }
  close()
  return { line, area }
}

/** Buckets put together to cells of a few pixels, each with the share of its seconds in which someone was active. */
function cellsOf({ activity }: Snapshot, cell: number): { at: number; share: number }[] {
  const cells = new Map<number, number>()
  for (const { at, seconds } of activity) {
    const begin = Math.floor(at / cell) * cell
    cells.set(begin, (cells.get(begin) ?? 0) + seconds)
  }
  return [...cells].map(([at, seconds]) => ({ at, share: Math.min(1, (seconds * 1_000) / cell) }))
}

function ticksOf({ from, to, width }: Frame, x: (at: number) => number) {
  const step = STEPS.find((each) => (each / (to - from)) * width >= LABEL) ?? STEPS.at(-1)!
  const ticks = []
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const px = x(at)
    if (px >= LABEL / 3 && px <= width - LABEL / 3)
      ticks.push({ x: px, text: step < 60_000 ? toClock(at) : toMinutes(at) })
  }
  return ticks
}

/** These stand above the others: a refresh may come with them. */
const OF_A_LIFE: readonly Mark[] = ['signed-in', 'extended', 'ended']

/** One path a kind of mark; of those that would cover each other, one. */
function marksOf(entries: readonly Entry[], x: (at: number) => number): Drawing['marks'] {
  const { y, height } = LANES.marks
  const paths: Partial<Record<Mark, string>> = {}
  const latest: Partial<Record<Mark, number>> = {}
  for (const { mark, at, until } of entries) {
    if (!mark) continue
    const px = x(until ?? at)
    if (px - (latest[mark] ?? -Infinity) < 4) continue
    latest[mark] = px
    paths[mark] = (paths[mark] ?? '') + glyph(mark, px, y + height * (OF_A_LIFE.includes(mark) ? 0.27 : 0.7))
  }
  return paths
}

function clustersOf(entries: readonly Entry[], x: (at: number) => number): Cluster[] {
  const clusters: { x: number; entries: Entry[] }[] = []
  for (const entry of [...entries].sort((a, b) => a.at - b.at)) {
    const px = x(entry.until ?? entry.at)
    const last = clusters.at(-1)
    if (last && px - last.x < MARK_GAP) last.entries.unshift(entry)
    else clusters.push({ x: px, entries: [entry] })
  }
  return clusters
}

function gapsOf(
  { gaps }: Snapshot,
  boxes: (
    items: Snapshot['gaps'],
    one: (gap: Snapshot['gaps'][number]) => readonly [number, number, number, number],
  ) => string,
) {
  const of = (kind: string) =>
    boxes(
      gaps.filter(({ what }) => what === kind),
      ({ from, to }) => [from, to ?? from, LANES.left.y, LANES.axis.y - LANES.left.y],
    )
  return { asleep: of('asleep'), throttled: of('throttled') }
}
