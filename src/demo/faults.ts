import { useCallback, useEffect, useState } from 'react'
import { server } from './server.ts'
import type { SystemId } from './systems.ts'

type Fault = Readonly<Record<string, string | number | boolean>>

/** Where each system renews. */
const RENEWALS: Readonly<Record<SystemId, string>> = {
  eclecticiq: '/auth/refresh',
  econnect: '/renewToken',
  eclipse: '/authentication/renew',
  datarhei: '/login/refresh',
  rest: '/rest/refresh',
  'rest-cookie': '/rest/cookie/refresh',
}

export interface FaultSwitch {
  readonly label: string
  /** What to watch while it is on. */
  readonly watch: string
  readonly fault: (system: SystemId) => Fault
}

/** What can go wrong at the server. */
export const FAULTS: readonly FaultSwitch[] = [
  {
    label: 'Server down',
    watch: 'press a key after a minute: the renewal fails, “Trouble” says so, and it is tried again, ever more slowly.',
    fault: () => ({ down: true }),
  },
  {
    label: 'Slow: every answer takes 3 s',
    watch: 'the renewal takes 3 s; you notice nothing, and there is one for all tabs.',
    fault: () => ({ latency: 3_000 }),
  },
  {
    label: 'Busy: 503, “retry after 10 s”',
    watch: 'after a failed renewal the next comes 10 s later and not before.',
    fault: () => ({ status: 503, retryAfter: 10 }),
  },
  {
    label: 'Too many requests: 429, “retry after 10 s”',
    watch: 'the same: no storm of retries, and you stay where you are.',
    fault: () => ({ status: 429, retryAfter: 10 }),
  },
  {
    label: 'Next renewal: answer lost on its way',
    watch: 'the server has renewed and nobody heard it; it is sorted out with the next try, and the switch goes off.',
    fault: (system) => ({ loseAnswer: true, match: RENEWALS[system], times: 1 }),
  },
  {
    label: 'Answers cut in half',
    watch: 'JSON that can not be read ends no session: “Trouble” says malformed, and it is tried again.',
    fault: () => ({ malformed: 'json' }),
  },
  {
    label: 'Server’s clock 10 min fast',
    watch:
      '“Ends at” moves by seconds with the next renewal, and not by ten minutes: the token’s own times are set against the server’s clock.',
    fault: () => ({ clockSkew: 600_000 }),
  },
]

const bare = ({ times: _, ...fault }: Fault) => JSON.stringify(Object.entries(fault).sort())
const isSame = (one: Fault, other: Fault) => bare(one) === bare(other)

/** How often the server is asked what is wrong with it, so that two tabs agree: ms. */
const ASK_EVERY = 2_000

/** The faults in force, as the server itself says, while this is on screen. */
export function useFaults() {
  const [faults, setFaults] = useState<readonly Fault[] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)

  const ask = useCallback(async (body?: readonly Fault[]) => {
    try {
      setFaults((await server.control('faults', body)) as Fault[])
      setProblem(null)
    } catch (error) {
      setProblem((error as Error).message)
    }
  }, [])

  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') void ask()
    }
    look()
    const timer = setInterval(look, ASK_EVERY)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [ask])

  return {
    /** Why the server can not be told anything; `null` where it can. */
    problem,
    isKnown: faults !== null,
    isAny: Boolean(faults?.length),
    isOn: (fault: Fault) => Boolean(faults?.some((one) => isSame(one, fault))),
    async turn(fault: Fault, isOn: boolean): Promise<void> {
      // As they are now: another tab may have turned one meanwhile.
      const now = (await server.control('faults')) as Fault[]
      const others = now.filter((one) => !isSame(one, fault))
      await ask(isOn ? [...others, fault] : others)
    },
    mend: () => ask([]),
  }
}
