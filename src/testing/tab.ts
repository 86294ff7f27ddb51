import { createPlatform, type Grounds, type TabState } from './platform.ts'

export type Tab = ReturnType<typeof createTab>

const fire = (set: Set<() => void>) => {
  for (const listener of [...set]) listener()
}

/** A pretend tab: its platform, and what a person, a browser or a crash does to it. */
export function createTab(grounds: Grounds, storage: string | null) {
  const { time, turns, pages } = grounds
  const { now } = time
  const tab = Symbol('tab')
  const state: TabState = {
    tab,
    me: { messages: new Set(), answers: new Set() },
    activity: new Set(),
    wakes: new Set(),
    hides: new Set(),
    broken: { record: false, storage: false, channel: false },
    stored: storage,
    visible: true,
    withoutUntil: 0,
    warnings: [],
    errors: [],
  }
  const { me, activity, wakes, hides, broken, warnings, errors } = state
  let lastInput = -Infinity
  pages.tabs.set(tab, me)
  const { platform, update } = createPlatform(grounds, state)

  const onScreen = () => {
    state.withoutUntil = 0
    fire(wakes)
  }

  return {
    ...platform,
    update,
    broken,
    warnings,
    /** Errors of the host's code that surfaced. */
    errors,
    /** What this tab's storage holds. */
    stored: () => state.stored,
    /** Puts anything into this tab's storage. */
    store: (text: string | null) => {
      state.stored = text
    },
    isFrozen: () => pages.isFrozen(tab),
    /** Runs something that comes from outside, once this tab may run again; never, if it is gone. */
    arrive: (work: () => void) => pages.when(tab, work),
    /** Trusted human input. */
    press(strong = true): void {
      if (Math.abs(now() - lastInput) < 1_000) return
      lastInput = now()
      for (const listener of [...activity]) listener(strong)
    },
    hide(): void {
      state.visible = false
      fire(wakes)
    },
    /** Back in view: everything that tells a page so. */
    show(): void {
      state.visible = true
      onScreen()
    },
    /** The network is back, in view or not. */
    online: onScreen,
    /** Put away: bfcache, or frozen in the background. Nothing runs until `thaw`. */
    freeze(): void {
      fire(hides)
      state.visible = false
      // Browsers tell a page that it is hidden after they have told it that it is put away.
      fire(wakes)
      pages.freeze(tab)
    },
    /** What is said from now on until it is back is lost to it, as to a page in the back-forward cache. */
    deafen: () => pages.deafen(tab),
    /** Back in view, where it was left. */
    async thaw(): Promise<void> {
      const parked = pages.thaw(tab)
      state.visible = true
      onScreen()
      for (const work of parked) work()
      await time.ring()
      await time.settle()
    },
    /** Gone without a word: its timers, its turns, its listeners. */
    crash(): void {
      for (const set of [activity, wakes, hides, me.messages, me.answers]) set.clear()
      time.cancelAll(tab)
      pages.close(tab)
      turns.leaveAll(tab)
    },
    listeners: () => activity.size + wakes.size + hides.size + me.messages.size + me.answers.size,
  }
}
