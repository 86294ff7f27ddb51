import type { Platform, TabMessage } from '../core/types.ts'
import { clone } from './clone.ts'
import type { Pages, Siblings } from './pages.ts'
import type { Time } from './time.ts'
import type { createTurns } from './turns.ts'

/** How long a tab waits for a sibling's answer and for IndexedDB, and how long it then does without, in ms. */
const ANSWER = 1_000
const PATIENCE = 1_000
const WITHOUT = 10_000
const RECORD = 'record'

/** What may take its time on the way between tabs, or to the shared record and back. */
export type Wire = 'message' | 'question' | 'answer' | 'record' | 'turn'

/** Delivers something: at once, later, twice or never. */
export type Carry = (wire: Wire, deliver: () => void) => void

/** What the tabs of one world share. */
export interface Grounds {
  readonly time: Time
  readonly turns: ReturnType<typeof createTurns>
  readonly pages: Pages
  readonly carry: Carry
  newId(): string
  /** What IndexedDB holds. */
  readonly records: Map<string, unknown>
  /** Whether IndexedDB works. */
  keepsRecord(): boolean
  onRecord(before: unknown, after: unknown): void
}

/** One tab, as its platform knows it. */
export interface TabState {
  readonly tab: symbol
  readonly me: Siblings
  readonly activity: Set<(strong: boolean) => void>
  readonly wakes: Set<() => void>
  readonly hides: Set<() => void>
  /** What does not work in this tab. */
  readonly broken: { record: boolean; storage: boolean; channel: boolean }
  stored: string | null
  visible: boolean
  /** IndexedDB did not answer: until then the tab does without. */
  withoutUntil: number
  readonly warnings: string[]
  readonly errors: unknown[]
}

const listen = <L>(set: Set<L>, listener: L) => {
  set.add(listener)
  return () => void set.delete(listener)
}

/** The browser as a session in one pretend tab sees it; `update` changes any value that all tabs share, in one transaction. */
export function createPlatform(grounds: Grounds, state: TabState) {
  const { time, turns, pages, carry, records } = grounds
  const { tab, me, broken, activity, wakes, hides, warnings, errors } = state
  const { tabs, isOpen, isFrozen, when, hear } = pages
  const { now } = time
  const asking = new Set<() => void>()

  const wakeAt = (at: number, wake: () => void) => (isOpen(tab) ? time.wakeAt(tab, at, wake) : () => {})

  /** Works on the record, or gives up on it as a browser tab does. */
  const access = (work: () => unknown) =>
    new Promise<unknown>((resolve) => {
      const tell = (value: unknown) => when(tab, () => resolve(value))
      if (!grounds.keepsRecord() || now() < state.withoutUntil)
        return void Promise.resolve().then(() => tell(undefined))
      const giveUp = wakeAt(now() + PATIENCE, () => {
        state.withoutUntil = now() + WITHOUT
        resolve(undefined)
      })
      carry('record', () => {
        if (broken.record || !isOpen(tab)) return
        const result = clone(work())
        giveUp()
        tell(result)
      })
    })

  const update = (key: string, change: (value: unknown) => unknown) =>
    access(() => {
      const before = records.get(key) ?? null
      records.set(key, clone(change(clone(before))))
      if (key === RECORD) grounds.onRecord(before, records.get(key))
      return records.get(key)
    })

  const platform: Platform = {
    now,
    monotonic: time.monotonic,
    wakeAt,
    id: grounds.newId,
    random: () => 0.5,
    visible: () => state.visible,
    onWake: (listener) => listen(wakes, listener),
    onHide: (listener) => listen(hides, listener),
    onActivity: (listener) => listen(activity, listener),
    abortable() {
      const controller = new AbortController()
      return { signal: controller.signal, abort: () => controller.abort() }
    },
    post(message: TabMessage) {
      if (!isOpen(tab) || broken.channel) return
      for (const [other, { messages }] of tabs) {
        if (other === tab) continue
        const deliver = () => {
          for (const listener of [...messages]) listener(clone(message))
        }
        carry('message', () => hear(other, deliver))
      }
    },
    onMessage: (listener) => listen(me.messages, listener),
    ask: (question) =>
      new Promise((resolve) => {
        const done = (answer: string | null) => {
          asking.delete(giveUp)
          cancel()
          resolve(answer)
        }
        const giveUp = () => done(null)
        const cancel = wakeAt(now() + ANSWER, giveUp)
        asking.add(giveUp)
        if (broken.channel) return
        for (const [other, { answers }] of tabs) {
          if (other === tab) continue
          carry('question', () => {
            if (isFrozen(other)) return
            for (const answer of answers) {
              const text = answer(question)
              if (text === null) continue
              carry('answer', () => when(tab, () => done(text)))
            }
          })
        }
      }),
    onAsk: (answer) => listen(me.answers, answer),
    exclusive: (name, patience, work) =>
      isOpen(tab) ? turns.exclusive(tab, name, patience, work) : new Promise(() => {}),
    readRecord: () => access(() => records.get(RECORD) ?? null),
    updateRecord: (change) => update(RECORD, change),
    load: () => (broken.storage ? null : state.stored),
    save: (text) => {
      if (isOpen(tab) && !broken.storage) state.stored = text
    },
    clear: (id) => {
      if (isOpen(tab) && !broken.storage && state.stored?.includes(id)) state.stored = null
    },
    warn: (message) => warnings.push(message),
    report: (error) => errors.push(error),
    dispose() {
      turns.abandonAll(tab)
      for (const giveUp of [...asking]) giveUp()
    },
  }
  return { platform, update }
}
