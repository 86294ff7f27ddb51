import { memoryStore, type Store, StoreUnavailable } from './index.ts'

/** A way to keep one step waiting, and to know when it is reached. */
export function makeGate() {
  let reach = () => {}
  let release = () => {}
  const reached = new Promise<void>((resolve) => (reach = resolve))
  const released = new Promise<void>((resolve) => (release = resolve))
  const pass = () => {
    reach()
    return released
  }
  return { reached, release: () => release(), pass }
}

/** A store that can be away, and hold the next change of an entry. */
export function makeHeldStore() {
  const inner = memoryStore({ now: () => 0 })
  let away = false
  let held: { prefix: string; pass: () => Promise<void> } | undefined
  const there = () => {
    if (away) throw new StoreUnavailable()
  }
  const store: Store = {
    ...inner,
    async list(prefix) {
      there()
      return inner.list(prefix)
    },
    async update(key, change) {
      there()
      if (held && key.startsWith(held.prefix)) {
        const { pass } = held
        held = undefined
        await pass()
      }
      return inner.update(key, change)
    },
  }
  return {
    store,
    setAway: (value: boolean) => void (away = value),
    hold(prefix: string) {
      const gate = makeGate()
      held = { prefix, pass: gate.pass }
      return gate
    },
  }
}
