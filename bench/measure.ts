import type { Pages } from './pages.ts'
import type { Turns } from './turns.ts'

/** What a measure is given. */
export interface Setting {
  readonly extent: 'full' | 'quick' | 'smoke'
  readonly pages: Pages
  readonly turns: Turns
  /** Tells whoever waits how far it is. */
  readonly say: (line: string) => void
}

/** A goal that was set before, and whether it is met. */
export interface Goal {
  readonly text: string
  /** What was measured, with its unit. */
  readonly value: string
  readonly isMet: boolean
}

export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** Bars beside each other, drawn for the report. */
export interface Chart {
  /** The name of its file, without an ending. */
  readonly name: string
  readonly title: string
  readonly unit: string
  readonly bars: readonly { readonly label: string; readonly value: number }[]
}

export interface Result {
  readonly tables: readonly Table[]
  readonly goals: readonly Goal[]
  /** All that was measured, by name, for the line of JSON. */
  readonly figures: Readonly<Record<string, number>>
  /** What it can resolve, and what its reader has to know. */
  readonly notes: readonly string[]
  readonly charts?: readonly Chart[]
}

export interface Measure {
  /** How `--only` calls it. */
  readonly name: string
  readonly title: string
  readonly run: (setting: Setting) => Promise<Result>
}
