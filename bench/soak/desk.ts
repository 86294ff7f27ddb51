import { type CoreOptions, createSessionCore } from '../../src/core/session.ts'
import type { Backend, Platform, Status } from '../../src/core/types.ts'
import type { Tab } from '../../src/testing/world.ts'

const POLL_EVERY = 60_000

/** A leak put in by hand, to see that it is found: listeners that stay, or texts that are kept. */
export type Plant = 'listener' | 'memory' | null

export interface DeskOptions {
  readonly core: Omit<CoreOptions, 'platform' | 'backend'>
  readonly backend: Backend
  /** Asks the server for what the page shows, with a grant's headers. */
  readonly load: (headers: Record<string, string>) => Promise<Response>
  readonly plant: Plant
  readonly count: (event: string) => void
}

export type Desk = ReturnType<typeof openDesk>

const kept: string[] = []

const planted = (tab: Tab, plant: Plant): Platform => ({
  ...tab,
  ...(plant === 'listener' && {
    onWake(listener: () => void) {
      tab.onWake(listener)
      return () => {}
    },
  }),
  ...(plant === 'memory' && {
    save(text: string) {
      kept.push(text)
      tab.save(text)
    },
  }),
})

/** One tab of somebody's browser: a page that shows a session, and polls in the background. */
export function openDesk(tab: Tab, { core, backend, load, plant, count }: DeskOptions) {
  const session = createSessionCore({ ...core, backend, platform: planted(tab, plant) })
  let shown: Status | null = null
  let unmount = mount()
  let isOpen = true
  poll()

  function mount(): () => void {
    const stop = session.start()
    const off = session.subscribe(({ status, reason }) => {
      if (status === shown) return
      shown = status
      count(status === 'signed-out' ? `ended: ${reason}` : status)
    })
    return () => {
      off()
      stop()
    }
  }

  function poll(): void {
    if (!isOpen) return
    tab.wakeAt(tab.now() + POLL_EVERY, poll)
    if (session.getState().session) void look()
  }

  async function look(): Promise<void> {
    try {
      const grant = await session.grant()
      const response = await load(backend.headers(grant))
      if (backend.refusesToken(response)) await load(backend.headers(await session.grant(grant)))
      count('polled')
    } catch (error) {
      count(`poll: ${(error as Error).name}`)
    }
  }

  /** Forgets the session, in a page that stays. */
  function leave(): void {
    isOpen = false
    unmount()
    session.dispose()
  }

  return {
    ...session,
    tab,
    status: () => session.getState().status,
    /** What a change of routes does to a provider that is not at the root. */
    remount(): void {
      unmount()
      unmount = mount()
    },
    leave,
    /** The page goes, with a last word or without. */
    close(isCrash: boolean): void {
      if (!isCrash) leave()
      isOpen = false
      tab.crash()
    },
  }
}
