import type { Grant, SessionState } from '../core/types.ts'
import type { Page, Refusal } from './facts.ts'
import { S } from './stage.ts'
import type { Truth } from './truth.ts'

/** A page has left a session: was it time to, and was it said before? */
export function judgeEnd(
  truth: Truth,
  page: Page,
  id: string,
  grant: Grant,
  state: SessionState,
  refused: (refusal: Refusal) => void,
): void {
  const { counts, departures, endOf, feltSince, idle, isRecordWell, lifeOf, note, stage, token, violate } = truth
  const { setup, elapsed, world } = stage
  const life = lifeOf(id)
  if (!life) return
  const { reason, endedHere } = state
  page.carries.add(life.stay)
  if (!endedHere) return
  note(`${page.name} ends ${id}: ${reason}`)
  life.ended ??= { at: elapsed(), reason: String(reason), page }
  if (life.isForged) return

  const text = grant.token.reveal()
  if (reason === 'idle') {
    for (const { at, page: where, forwards: then } of life.counted) {
      const isKnown =
        where === page ||
        (where.goneAt > at + 3 * S &&
          isRecordWell(elapsed() - at + 3 * S) &&
          at < elapsed() - 3 * S &&
          where.recordWellAt(at))
      if (isKnown && feltSince(at, then) < idle - 2 * S && page.recordWellAt(at))
        violate('I4', `${page.name} ends as idle ${feltSince(at, then) / S} s after someone was here in ${where.name}`)
    }
  } else if (reason === 'expired') {
    // A life is counted from the departure of the request, for which the server has but begun it later.
    const { at: departed = 0, forwards: then = 0 } = departures.get(text) ?? {}
    const left = Math.min(endOf(text) - world.trueNow(), departed + token - elapsed()) - (counts.forwards - then)
    const isLater = feltSince(life.since, life.counted[0]?.forwards ?? 0) < 0
    if (left > 3 * S && !isLater) violate('I10', `${page.name} ends as expired with ${left / S} s left`)
  } else if (reason === 'limit') {
    const lasted = elapsed() - life.since + counts.forwards
    const longest = setup.sessionLimit ?? 86_400 * S - 2 * token
    if (lasted < longest - 2 * S) violate('I4', `${page.name} ends by its limit after ${lasted / S} s`)
  } else if (reason === 'refused') {
    refused({ page, token: text, stay: life.stay })
  } else if (reason === 'user') {
    if (!counts.signOuts) violate('sane', `${page.name} was signed out by nobody`)
  } else if (reason === 'replaced') {
    if (counts.signIns < 2) violate('sane', `${page.name} was replaced by nobody`)
  }
  judgeWarning(truth, page, String(reason))
}

function judgeWarning({ stage, toAnswer, violate }: Truth, page: Page, reason: string): void {
  const isTimed = reason === 'idle' || reason === 'limit' || reason === 'expired'
  const leftAt = page.leftAt
  const isWatching =
    isTimed &&
    page.tab.visible() &&
    Math.max(page.heldSince, page.awakeSince, page.shrunkAt) <= leftAt - toAnswer - 8 * S &&
    stage.isWell('late', 70 * S)
  if (isWatching && !(page.warnedAt <= leftAt - toAnswer + 2 * S))
    violate('I11', `${page.name} was warned ${(leftAt - page.warnedAt) / S} s before the end (${reason})`)
}
