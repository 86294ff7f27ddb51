'use client'
import { memo, useId } from 'react'
import type { Drawing } from './draw.ts'
import { HEIGHT, LANES } from './frame.ts'
import { fillRuleOf } from './glyphs.ts'

interface PlotProps {
  readonly drawing: Drawing
  readonly width: number
  /** Says what is drawn. */
  readonly name: string
}

const NAMES = [
  ['Time left', LANES.left],
  ['Active', LANES.activity],
  ['Tokens', LANES.tokens],
  ['Events', LANES.marks],
] as const

/** The lanes as SVG: so many paths, whatever they show. */
export const Plot = memo(function Plot({ drawing, width, name }: PlotProps) {
  const id = useId()
  const { left, activity, axis } = LANES
  const { threshold, now } = drawing
  const marks = Object.entries(drawing.marks)
  return (
    <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={name}>
      <defs>
        <pattern id={`${id}asleep`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="1.6" height="6" data-draw="hatch" />
        </pattern>
        <pattern id={`${id}throttled`} width="6" height="6" patternUnits="userSpaceOnUse">
          <rect width="1.6" height="1.6" data-draw="hatch" />
        </pattern>
        <pattern id={`${id}warned`} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
          <rect width="5" height="5" data-draw="warned" />
          <rect width="1.2" height="5" data-draw="warned-line" />
        </pattern>
      </defs>
      {drawing.ticks.map(({ x, text }) => (
        <g key={text + x}>
          <path d={`M${x} ${left.y}V${axis.y}`} data-draw="grid" />
          <text x={x} y={axis.y + 14} textAnchor="middle">
            {text}
          </text>
        </g>
      ))}
      {[left, activity, LANES.tokens, LANES.marks].map(({ y, height }) => (
        <path key={y} d={`M0 ${y + height}.5H${width}`} data-draw="base" />
      ))}
      <path d={drawing.warnings} fill={`url(#${id}warned)`} />
      <path d={drawing.area} data-draw="area" />
      {threshold && (
        <>
          <path d={`M0 ${threshold.y}H${width}`} data-draw="threshold" />
          <text x={4} y={threshold.y - 4} data-draw="threshold-text">
            {threshold.text}
          </text>
        </>
      )}
      <path d={drawing.line} data-draw="line" />
      <path d={drawing.ahead} data-draw="ahead" />
      <path d={drawing.activity} data-draw="activity" />
      <path d={drawing.keptAwake} data-draw="kept-awake" />
      <path d={drawing.tokens} data-draw="tokens" />
      <path d={drawing.rest} data-draw="rest" />
      <path d={drawing.renewal} data-draw="renewal" />
      <path d={drawing.asleep} fill={`url(#${id}asleep)`} />
      <path d={drawing.throttled} fill={`url(#${id}throttled)`} />
      <path d={drawing.durations} data-draw="duration" />
      {marks.map(([mark, d]) => (
        <path key={mark} d={d} data-mark={mark} fillRule={fillRuleOf(mark)} />
      ))}
      <path d={drawing.next} data-mark="next" fillRule="evenodd" />
      {now !== null && <path d={`M${now} ${left.y - 4}V${axis.y}`} data-draw="now" />}
      {NAMES.map(([lane, { y }]) => (
        <text key={lane} x={0} y={y - 6} data-draw="name">
          {lane}
        </text>
      ))}
      {drawing.top && (
        <text x={width} y={left.y - 6} textAnchor="end">
          {drawing.top}
        </text>
      )}
    </svg>
  )
})
