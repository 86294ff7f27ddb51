import type { Tab } from '../testing/world.ts'
import type { Kind, Step, StepOf } from './history.ts'
import type { Ledger } from './ledger.ts'
import { openPage, type Page } from './page.ts'
import { S, type Stage, USERS } from './stage.ts'

export type Cast = ReturnType<typeof createCast>

/** All pages of one browser, and what is done to them. */
export function createCast(stage: Stage, ledger: Ledger) {
  const { world, server, elapsed } = stage
  const pages: Page[] = []
  // What closed tabs left in their storage.
  const attic: (string | null)[] = []
  const counts: Partial<Record<Kind, number>> = {}

  const living = () => pages.filter(({ gone }) => !gone)
  /** The nth of those that it can happen to. */
  const among = (tab: number, can: (page: Page) => boolean): Page | undefined => {
    const able = living().filter(can)
    return able[tab % (able.length || 1)]
  }
  const pageOf = (tab: number) => among(tab, () => true)
  const isAwake = ({ tab, isMounted }: Page) => !tab.isFrozen() && isMounted
  const awake = (tab: number, can: (page: Page) => boolean = () => true) =>
    among(tab, (page) => isAwake(page) && can(page))
  const statusOf = (page: Page) => page.session.getState().status

  function open(tab: Tab): Page {
    const page = openPage(stage, ledger, tab, `tab ${pages.length + 1}`, () => pages)
    pages.push(page)
    ledger.note(`${page.name} opens`)
    page.stop = page.session.start()
    return page
  }

  function look(page: Page): void {
    if (page.tab.isFrozen()) return
    if (!page.tab.visible()) {
      page.awakeSince = elapsed()
      page.tab.show()
    }
  }

  const signingIn = (work: Promise<unknown>) => void work.catch(() => {})

  function press(page: Page, strong: boolean): void {
    look(page)
    const before = page.session.getState()
    ledger.pressed(page, strong)
    page.tab.press(strong)
    ledger.hasPressed(page, before)
  }

  function close(page: Page): void {
    attic.push(page.tab.stored())
    if (!page.tab.isFrozen()) page.tab.freeze()
    page.crash()
  }

  function reload(page: Page): void {
    const storage = page.tab.stored()
    close(page)
    open(world.openTab({ storage }))
  }

  const forged = () => {
    for (const life of ledger.lives.values()) life.isForged = true
  }

  const steps: { [K in Kind]: (step: StepOf<K>) => unknown } = {
    press({ tab, strong }) {
      const page = awake(tab)
      if (!page) return false
      press(page, strong)
    },
    async type({ tab, seconds }) {
      const page = awake(tab)
      for (let typed = 0; page && !page.gone && typed < seconds; typed += 2) {
        press(page, true)
        await world.advance(2 * S)
      }
    },
    async work({ tab, minutes }) {
      const page = awake(tab)
      if (!page) return false
      for (let past = 0; !page.gone && past < minutes * 60 * S; past += 50 * S) {
        press(page, true)
        await world.advance(50 * S)
      }
    },
    stay({ tab }) {
      const page = awake(tab, (one) => statusOf(one) === 'warning')
      const { session } = page?.session.getState() ?? {}
      if (!page || !session) return false
      look(page)
      ledger.vouched(session.id, true)
      page.session.stay().catch((error) => ledger.violate('sane', `stay fails: ${error}`))
    },
    async 'sign-out'({ tab, midway }) {
      const page = awake(tab)
      if (!page) return false
      if (midway) {
        // While a refresh is under way.
        await world.advance(ledger.every)
        if (page.gone) return false
        press(page, true)
        await world.advance(stage.chance.upTo(60))
        if (page.gone) return false
      }
      ledger.signOut()
      page.session.signOut()
    },
    async 'sign-out-and-die'({ tab }) {
      const page = awake(tab, (one) => one.session.getState().session !== null)
      if (!page) return false
      const { network } = stage.is
      stage.is.network = 'down'
      ledger.signOut()
      page.session.signOut()
      await world.advance(S)
      page.crash()
      stage.is.network = network
    },
    'sign-in'({ tab, user, isRight }) {
      // Who is signed in already does not do so again, unless as somebody else.
      const page =
        awake(tab, (one) => statusOf(one) === 'signed-out') ??
        (user === 1 ? awake(tab, (one) => statusOf(one) === 'active') : undefined)
      if (!page) return false
      const { username, password } = USERS[user]!
      signingIn(page.session.signIn({ username, password: isRight ? password : 'wrong' }))
    },
    async 'sign-in-twice'({ tab, other, user, second, apart }) {
      const [one, two] = [awake(tab), awake(other)]
      if (!one || !two || one === two) return
      signingIn(one.session.signIn(USERS[user]!))
      await world.advance(apart)
      if (!two.gone) signingIn(two.session.signIn(USERS[second]!))
    },
    'leave-login'({ tab }) {
      awake(tab)?.session.abandonSignIn()
    },
    'keep-awake'({ tab, max }) {
      const page = awake(tab, (one) => one.session.getState().session !== null)
      if (!page) return false
      // The press that begins the work may be what finds the session over.
      ledger.pressed(page, true)
      page.session.touch()
      if (!page.session.getState().session) return false
      page.releases.push(page.session.keepAwake('Import', { max }))
      page.keptUntil = Math.max(page.keptUntil, elapsed() + max)
    },
    release({ tab }) {
      const page = among(tab, ({ releases }) => releases.length > 0)
      if (!page) return false
      page.releases.pop()!()
    },
    request({ tab }) {
      const page = awake(tab)
      if (!page) return false
      void page.request()
    },
    async poll({ tab, every, times }) {
      for (let sent = 0; sent < times; sent++) {
        const page = awake(tab)
        if (!page) return
        void page.request()
        await world.advance(every)
      }
    },

    open() {
      if (living().length > 4) return false
      open(world.openTab())
    },
    duplicate({ tab }) {
      const page = pageOf(tab)
      if (!page || living().length > 4) return false
      open(world.openTab({ duplicate: page.tab }))
    },
    close({ tab }) {
      const page = pageOf(tab)
      if (!page) return false
      close(page)
    },
    crash({ tab }) {
      const page = pageOf(tab)
      if (!page) return false
      page.crash()
    },
    trap({ tab, at }) {
      const page = pageOf(tab)
      if (!page) return false
      page.trap = at
    },
    reload({ tab }) {
      const page = pageOf(tab)
      if (!page) return false
      reload(page)
    },
    reopen({ nth }) {
      if (!attic.length || living().length > 4) return false
      open(world.openTab({ storage: attic[nth % attic.length]! }))
    },
    freeze({ tab }) {
      const page = awake(tab)
      if (!page) return false
      page.tab.freeze()
    },
    cache({ tab }) {
      const page = awake(tab)
      if (!page) return false
      page.tab.freeze()
      page.tab.deafen()
    },
    async thaw({ tab }) {
      const page = among(tab, (one) => one.tab.isFrozen())
      if (!page) return false
      page.awakeSince = elapsed()
      await page.tab.thaw()
    },
    hide({ tab }) {
      const page = awake(tab, (one) => one.tab.visible())
      if (!page) return false
      page.tab.hide()
    },
    show({ tab }) {
      const page = awake(tab, (one) => !one.tab.visible())
      if (!page) return false
      look(page)
    },
    unmount({ tab }) {
      const page = awake(tab)
      if (!page) return false
      page.isMounted = false
      page.stop()
    },
    mount({ tab }) {
      const page = among(tab, (one) => !one.isMounted && !one.tab.isFrozen())
      if (!page) return false
      page.isMounted = true
      page.awakeSince = elapsed()
      page.stop = page.session.start()
    },

    wait: ({ ms }) => world.advance(ms),
    'wait-long': ({ ms }) => world.advance(ms),
    async 'wait-until'({ tab, moment, by }) {
      const state = among(tab, (one) => one.session.getState().session !== null)?.session.getState()
      const { session, deadline } = state ?? {}
      if (!session || deadline == null) return
      const { expiresAt, departedAt } = session.grant
      const moments = {
        refresh: departedAt + ledger.every,
        warning: deadline - ledger.lead,
        deadline,
        token: expiresAt ?? deadline,
      }
      const ms = moments[moment] + by - world.now()
      if (ms > 0 && ms < 120 * 60 * S) await world.advance(ms)
    },
    async sleep({ ms, frozenTimers }) {
      for (const page of living()) {
        page.awakeSince = elapsed() + ms
        if (frozenTimers) page.delayedAt = elapsed() + ms
      }
      await world.sleep(ms, { frozenTimers })
    },
    late({ ms }) {
      stage.set('late', ms, ms === 0)
    },
    async clock({ by }) {
      // A step back that comes together with a sleep can not be told from a shorter sleep by a page that saw neither.
      if (by < 0 && living().some(({ tab, isMounted }) => tab.isFrozen() || !isMounted)) return false
      // Nor by one that is still looking around.
      if (by < 0 && stage.is.record === 'slow') return false
      for (const { tab } of living()) if (!tab.isFrozen()) tab.online()
      await world.advance(100)
      world.setClock(by)
      ledger.jumped(by)
      for (const page of living()) {
        page.awakeSince = page.shrunkAt = elapsed()
        // Whoever sets a clock comes back to the page; what was stored before, by nobody's clock, can not be told.
        if (!page.tab.isFrozen()) page.tab.online()
      }
      if (by < 0) attic.length = 0
    },

    messages({ how }) {
      stage.set('messages', how, how === 'prompt')
    },
    forge({ what }) {
      const page = pageOf(0)
      const session = living()
        .map(({ session }) => session.getState().session)
        .find(Boolean)
      if (!page) return false
      // The one thing that words of a stranger can do is to end the session.
      if (what === 'ended') forged()
      // Heard only later, what was said of the future is of the past.
      if (what === 'active-ahead' && living().some(({ tab }) => tab.isFrozen())) forged()
      if (what === 'active-now') ledger.vouched(session?.id, false)
      const fact = { v: 1, app: 'app', sessionId: session?.id ?? 'x' }
      const messages: Record<typeof what, unknown> = {
        'active-now': { ...fact, kind: 'active', at: world.now() },
        'active-ahead': { ...fact, kind: 'active', at: world.now() + 9 * 60 * S },
        session: { ...fact, kind: 'session', epoch: 99, generation: 99 },
        ended: { ...fact, kind: 'ended', reason: 'user' },
        'next-version': { ...fact, v: 2, kind: 'ended', reason: 'user' },
        garbage: { v: 1, app: 'app', kind: 'active', at: 'soon', __proto__: { sessionId: 1 } },
      }
      world.say(messages[what])
    },
    record({ how }) {
      stage.set('record', how, how === 'prompt')
      for (const { tab } of living()) tab.broken.record = how === 'broken'
      if (how === 'cleared') world.record = undefined
      if (how === 'next-version') world.record = { v: 2, app: 'app', session: {} }
      if (how === 'stranger') world.record = { v: 1, app: 'app', epoch: -1, generation: 'x', toString: 1 }
    },
    storage({ tab, how }) {
      const page = pageOf(tab)
      if (!page) return false
      page.tab.broken.storage = how === 'broken'
      if (how === 'cleared') page.tab.store(null)
      if (how === 'stranger') page.tab.store('{"v":1,"held":{"id":7,"grant":{"token":{"$secret":5}}}}')
      if (how === 'stale' && attic.length) page.tab.store(attic.at(-1)!)
    },
    channel({ tab, isBroken }) {
      const page = pageOf(tab)
      if (!page) return false
      page.tab.broken.channel = isBroken
      stage.set('messages', stage.is.messages, false)
    },

    network({ how }) {
      stage.set('network', how, how === 'up')
    },
    online({ tab }) {
      const page = awake(tab)
      if (!page) return false
      page.tab.online()
    },
    async 'revoke-all'() {
      await world.perform(() => server.revokeAll())
      ledger.killAll()
    },
    async 'rotate-key'({ keepOld }) {
      await world.perform(() => server.rotateKeys({ keepOld }))
      if (!keepOld) ledger.killAll()
    },
  }

  return {
    pages,
    counts,
    open: () => open(world.openTab()),
    living,
    press,
    look,
    async take(step: Step): Promise<void> {
      ledger.note(`· ${JSON.stringify(step)}`)
      const done = await (steps[step.do] as (step: Step) => unknown)(step)
      if (done === false) return
      counts[step.do] = (counts[step.do] ?? 0) + 1
      await world.settle()
    },
  }
}
