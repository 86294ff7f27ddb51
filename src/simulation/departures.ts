import type { Grant } from '../core/types.ts'
import type { Life, Page } from './facts.ts'
import { S } from './stage.ts'
import type { Truth } from './truth.ts'

/** A call leaves with a token on: whose is it, does it live, and may it leave now? */
export function judgeDeparture(
  truth: Truth,
  page: Page,
  what: 'refresh' | 'request',
  grant: Grant,
  expected: string | null,
): void {
  const { endOf, isRecordWell, lifeOf, stage, stayOf, violate } = truth
  const { elapsed, world } = stage
  const text = what === 'refresh' ? (grant.refreshToken ?? grant.token).reveal() : grant.token.reveal()
  const stay = stayOf(grant)
  const life = lifeOf(stay?.sessionId)
  // What was stored by a clock that has been set back since, the server has to confirm.
  const isUnconfirmed = what === 'refresh' && page.session.getState().status === 'restoring'
  if (endOf(text) <= world.trueNow() && !isUnconfirmed)
    violate('I1', `${page.name}: a ${what} leaves with a token that has ended`)
  if (stay && expected !== null && stay.shown !== expected)
    violate('I8', `${page.name}: a request made as ${expected} leaves as ${stay.shown}`)
  if (!life) return
  const { ended } = life
  if (
    ended &&
    what === 'request' &&
    isRecordWell(5 * S) &&
    page.isRecordWell() &&
    elapsed() - life.recordedAt > 3 * S &&
    page.tab.visible()
  )
    violate('I5', `${page.name}: a request leaves ${(elapsed() - ended.at) / S} s after the end`)
  if (what === 'refresh') judgeRefresh(truth, page, life, grant, isUnconfirmed)
}

function judgeRefresh(truth: Truth, page: Page, life: Life, grant: Grant, isUnconfirmed: boolean): void {
  const { counts, departures, every, feltSince, idle, isRecordWell, keeps, note, stage, violate } = truth
  const { setup, elapsed } = stage
  note(`${page.name} refreshes generation ${page.session.getState().session?.generation} of ${life.id}`)
  const departed = departures.get(grant.token.reveal())?.at ?? 0
  const isHurried = life.hurriedAt >= departed
  const isAhead = setup.idleTimeout !== null && elapsed() < life.active + idle
  const isKept = [page, ...page.others()].some(keeps(life))
  if (!(isUnconfirmed || life.presence > departed || isAhead || isKept || life.isForged))
    violate('I3', `${page.name} refreshes, and nobody was here since the grant`)

  const last = life.lastRefresh
  const isFair = isRecordWell(15 * S) && page.isRecordWell() && elapsed() - counts.locklessAt > 30 * S && !life.isForged
  if (last && isFair && last.page.isRecordWell()) {
    const holder = last.page
    const canHandOver =
      setup.handOver &&
      !holder.gone &&
      holder.isMounted &&
      holder.awakeFor() > 5 * S &&
      stage.isWell('messages', 5 * S) &&
      !(page.tab.broken.channel || holder.tab.broken.channel)
    const isMine = holder === page
    const isShort = feltSince(last.at, last.forwards) < every - 2 * S
    if ((isMine || canHandOver) && isShort && !isHurried && life.hurriedAt < last.at - 15 * S)
      violate('I2', `${page.name} refreshes ${(elapsed() - last.at) / S} s after ${holder.name} did`)
  }
  // A lease is told by the device's clock: set forwards, it has run out, as it has after a sleep.
  const hasLease = (other: Page) => setup.locks === 'web' || other.refreshForwards === counts.forwards
  const others = page
    .others()
    .filter((other) => other.refreshing === life.id && !other.gone && !other.tab.isFrozen() && hasLease(other))
  if (others.length && isFair && stage.isWell('late', 70 * S))
    violate('I2', `${page.name} refreshes while ${others.map(({ name }) => name)} does`)
  page.refreshing = life.id
  page.refreshForwards = counts.forwards
}
