import type { SharedRecord } from '../core/types.ts'
import type { Life, Page, Refusal } from './facts.ts'
import { S } from './stage.ts'
import type { Truth } from './truth.ts'

/** Looks at a page, once all has come to rest: does it hold what it should hold no more? */
export function judgePage(truth: Truth, page: Page, pages: readonly Page[]): void {
  const { activeOf, idle, lifeOf, stage, violate } = truth
  const { setup, elapsed, world } = stage
  if (page.gone || page.tab.isFrozen() || !page.isMounted) return
  const { session, status, deadline } = page.session.getState()
  for (const error of page.tab.errors.splice(0)) violate('sane', `${page.name} reports ${error}`)
  const life = lifeOf(session?.id)
  if (!session || !life || (status !== 'active' && status !== 'warning')) return
  const due = activeOf(life, pages) + idle
  const hasLooked = page.tab.visible() && page.awakeFor() > 12 * S
  const isDelayed = page.lastTask <= page.delayedAt
  const isAwake = hasLooked || (page.awakeSince <= due && !isDelayed)
  const hasRung = isAwake && elapsed() >= due + S + 500 && stage.isWell('late', 70 * S)
  if (!life.isForged && (hasRung || page.lastTask >= due + S))
    violate('I4', `${page.name} still holds the session ${(elapsed() - due) / S} s after its idle end`)
  if (deadline !== null && hasRung && deadline < world.now() - S)
    violate('I11', `${page.name} counts down to ${(deadline - world.now()) / S} s`)
  const isKeptOn = page.session.getState().keptAwakeBy.length > 0 && page.keptUntil > 0
  const wasAwake = page.awakeSince <= page.keptUntil && !isDelayed && stage.isWell('late', 70 * S)
  if (isKeptOn && wasAwake && elapsed() > page.keptUntil + 2 * S)
    violate('I3', `${page.name} is kept awake ${(elapsed() - page.keptUntil) / S} s past its time`)
  const limit = life.since + (setup.sessionLimit ?? Infinity)
  if (isAwake && elapsed() >= limit + 12 * S && stage.isWell('late', 70 * S))
    violate('I4', `${page.name} still holds the session ${(elapsed() - limit) / S} s after its limit`)
  judgeAfterEnd(truth, page, life)
}

function judgeAfterEnd({ isRecordWell, stage, violate }: Truth, page: Page, life: Life): void {
  const { elapsed } = stage
  const { ended } = life
  if (!ended) return

  const by = elapsed() - ended.at
  const isTold =
    !ended.page.gone &&
    stage.isWell('messages', by + 2 * S) &&
    !page.tab.broken.channel &&
    page.awakeFor() > by + S &&
    by > 2 * S
  const hasLooked =
    page.tab.visible() &&
    isRecordWell(14 * S) &&
    page.isRecordWell() &&
    page.awakeFor() > 14 * S &&
    elapsed() - life.recordedAt > 14 * S &&
    stage.isWell('late', 70 * S)
  if (isTold || hasLooked) violate('I5', `${page.name} holds the session ${by / S} s after its end (${ended.reason})`)
}

/** Whether an end has reached the record, in the time that it takes. */
export function judgeRecord({ isRecordWell, lives, stage, violate }: Truth): void {
  const { elapsed, world } = stage
  const { sessionId, endedReason } = (world.record ?? {}) as Partial<SharedRecord>
  const life = lives.get(sessionId ?? '')
  if (!life?.ended || endedReason || life.isForged) return
  const { at, page } = life.ended
  const isDone = elapsed() > at + S && page.goneAt > at + S && page.recordWellAt(at) && !page.tab.isFrozen()
  if (isDone && isRecordWell(elapsed() - at + 5 * S)) violate('I5', `the record has ${sessionId} live after its end`)
}

/** Looks into what the server was said to have refused. */
export async function judgeRefusals({ stage, violate }: Truth, refusals: readonly Refusal[]): Promise<void> {
  const { server, world } = stage
  for (const { page, token, stay } of refusals) {
    if (!stay.isKilled && (await world.perform(() => server.isLive(token))))
      violate('I10', `${page.name} ends as refused, and the server still honours its token`)
  }
}

/** All has been well for long: what should be dead is dead, and all tabs agree. */
export async function reconcile(truth: Truth, pages: readonly Page[], canRevoke: boolean): Promise<void> {
  const { counts, isShared, lifeOf, stage, stays, violate } = truth
  const { server, world } = stage
  const living = pages.filter(({ gone, isMounted }) => !gone && isMounted)
  const held = new Set(living.map(({ session }) => session.getState().session?.id))
  if (isShared() && held.size > 1 + Number(held.has(undefined)))
    violate('I7', `the tabs hold different sessions: ${[...held]}`)
  for (const stay of stays) {
    const life = lifeOf(stay.sessionId)
    // By a clock set forwards the token is dead already.
    const isOver = counts.forwards === 0 && (!stay.sessionId || (life?.ended && !held.has(stay.sessionId)))
    const carrier = living.find(({ carries }) => carries.has(stay))
    if (!canRevoke || !isOver || !carrier || stay.isAnswered) continue
    for (const text of stay.tokens) {
      if (!(await world.perform(() => server.isLive(text)))) continue
      violate('I9', `the server still honours a token of ${stay.sessionId}, and ${carrier.name} lives`)
      break
    }
  }
}
