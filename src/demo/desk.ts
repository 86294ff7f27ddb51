import type { Backend, HttpOptions } from '../index.ts'

export type Json = Record<string, unknown>
export type Claims = Readonly<Json> | null

/** One entry of the console's list. */
export interface Item {
  readonly id: string
  readonly name: string
  readonly note: string
}

export interface Column {
  readonly head: string
  readonly cell: (row: Json) => string
  readonly isNumber?: boolean
}

/** What the demo shows of one auth system: how to sign in, and something private to look at. */
export interface DemoSystem {
  readonly label: string
  /** What to watch with this one. */
  readonly about: string
  /** How long its token lives unless shortened. */
  readonly life: string
  readonly backend: (fetch?: Pick<HttpOptions, 'fetch'>) => Backend
  readonly desk: string
  /** What the console lists: one of it, and all. */
  readonly noun: string
  readonly list: {
    readonly title: string
    readonly path: (claims: Claims) => string
    readonly items: (body: never) => Item[]
  }
  readonly table: {
    readonly title: (id: string) => string
    readonly path: (id: string, claims: Claims) => string
    readonly rows: (body: never, id: string) => Json[]
    readonly columns: readonly Column[]
  }
}

/** Numbers with a unit, as people of this page write them. */
export const unit = (unit: string, digits = 1) =>
  new Intl.NumberFormat('en', { style: 'unit', unit, maximumFractionDigits: digits }).format
const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })
export const amount = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const text = (value: unknown) => String(value ?? '–')
/** A cell that shows one field of a row. */
export const field =
  (name: string, show: (value: never) => string = text) =>
  (row: Json) =>
    show(row[name] as never)
export const when = (value: string | number) => moment.format(new Date(value))
