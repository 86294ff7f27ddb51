import { Problem } from './problem.ts'

/** Makes an entry's next value of its present one, and says for how long to keep it; undefined leaves all as it is. */
export type Change<Value> = (current: Value | undefined) => { value: Value; keepForMs: number } | undefined

/**
 * Where sessions, tokens and signing keys are kept: entries of JSON under keys, read-only once read. A store that can not
 * answer rejects with StoreUnavailable, and soon.
 */
export type Store = {
  /** The value of an entry, undefined if there is none or its time is over. */
  read: <Value>(key: string) => Promise<Value | undefined>
  /** Changes one entry in one atomic step and gives what was written; `change` may run more than once. */
  update: <Value>(key: string, change: Change<Value>) => Promise<Value | undefined>
  /** The entries whose keys begin so, in any order; it looks at everything, so that no request may need it. */
  list: <Value>(prefix: string) => Promise<[key: string, value: Value][]>
  /** Forgets everything. */
  clear: () => Promise<void>
  /** Lets go of connections, if it has any. */
  close?: () => Promise<void>
}

/** The refusal of a request whose store does not answer: 503, worth another try. */
export class StoreUnavailable extends Problem {
  constructor(cause?: unknown) {
    super(503, 'The store of sessions does not answer.', { headers: { 'Retry-After': '1' } })
    this.cause = cause
  }
}
