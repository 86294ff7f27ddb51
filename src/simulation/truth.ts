import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { Answer } from '../core/types.ts'
import type { Departure, Invariant, Life, Page, Stay, Violation } from './facts.ts'
import { S, type Stage, USERS } from './stage.ts'
import { SYSTEMS } from './systems.ts'

export type Truth = ReturnType<typeof createTruth>

/** What truly happened, whatever the tabs believe: by the time that has passed, and by what the server gave. */
export function createTruth(stage: Stage) {
  const { setup, elapsed, world } = stage
  const byToken = new Map<string, Stay>()
  const stays: Stay[] = []
  const secrets = new Set<string>(USERS.map(({ password }) => password))
  const departures = new Map<string, Departure>()
  const lives = new Map<string, Life>()
  const violations: Violation[] = []
  const trail: string[] = []
  const counts = {
    signIns: 0,
    signOuts: 0,
    /** By how much the device's clock was set forwards in all, in ms. */
    forwards: 0,
    /** When a refresh last went on without its turn, which is allowed then. */
    locklessAt: -Infinity,
  }

  const token = Math.min(setup.ttl, SYSTEMS[setup.system].longest) * S
  const every = Math.min(setup.refreshEvery, token / 4)
  const idle = setup.idleTimeout ?? token - every
  const lead = Math.min(setup.warnBefore, idle / 2)
  const toAnswer = Math.min(20 * S, idle / 2)

  return {
    stage,
    counts,
    stays,
    /** Passwords, and all that the server gave to be sent back. */
    secrets,
    lives,
    violations,
    trail,
    /** When the request for a token left. */
    departures,
    token,
    every,
    idle,
    lead,
    toAnswer,

    violate(invariant: Invariant, what: string): void {
      violations.push({ invariant, what, at: elapsed() })
    },
    note: (text: string): void => void trail.push(`${(elapsed() / S).toFixed(3).padStart(10)}  ${text}`),

    stayOf: (grant: Answer): Stay | undefined => byToken.get(grant.token.reveal()),
    lifeOf: (id: string | null | undefined): Life | undefined => lives.get(id ?? ''),
    /** When a token ends by the server's clock. */
    endOf(text: string): number {
      try {
        const exp = decodeJwt(text).exp ?? decodeProtectedHeader(text).exp
        return Number(exp ?? Infinity) * S
      } catch {
        return Infinity
      }
    },
    learn(departure: Departure, stay: Stay, answer: Answer): void {
      departures.set(answer.token.reveal(), departure)
      for (const secret of [answer.token, answer.refreshToken]) {
        if (!secret) continue
        byToken.set(secret.reveal(), stay)
        stay.tokens.push(secret.reveal())
      }
      for (const one of [answer.token, answer.refreshToken, answer.csrf?.value, answer.header?.value])
        if (one) secrets.add(one.reveal())
    },

    /** Whether something keeps that session awake in a page. */
    keeps: (life: Life) => (page: Page) =>
      !page.gone && page.session.getState().session?.id === life.id && elapsed() < page.keptUntil,
    /** No later than this was someone here, or something in their place. */
    activeOf: (life: Life, pages: readonly Page[]): number =>
      Math.max(
        life.active,
        ...pages
          .filter((page) => page.session.getState().session?.id === life.id)
          .map(({ keptUntil }) => Math.min(keptUntil, elapsed())),
      ),

    isShared,
    /** Whether the record has been well for so many ms. */
    isRecordWell: (ms: number): boolean => isShared() && stage.isWell('record', ms),
    /** How long a moment is past by the device's clock. */
    feltSince: (moment: number, forwardsThen: number): number => elapsed() - moment + (counts.forwards - forwardsThen),
  }

  /** Whether all tabs have a record of theirs to go by. */
  function isShared(): boolean {
    return (world.record as { v?: number } | null | undefined)?.v === 1
  }
}
