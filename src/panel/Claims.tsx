'use client'
import type { Snapshot } from './history.ts'
import { showClaims } from './show-claims.ts'
import { toCountdown, toMoment } from './words.ts'

/** What the token says of itself, and what the session makes of its times; never the token. */
export function Claims({ snapshot }: { readonly snapshot: Snapshot }) {
  const { state, now } = snapshot
  const { session, claims } = state
  if (!session) return null
  const { departedAt, expiresAt } = session.grant
  const shown = showClaims(claims ?? {}, now)
  return (
    <details data-part="claims">
      <summary>
        Token {session.generation}:{' '}
        {expiresAt === null
          ? 'no known end'
          : `${toCountdown(expiresAt - now)} of ${toCountdown(expiresAt - departedAt)} left`}
      </summary>
      <dl>
        <div>
          <dt>Asked for</dt>
          <dd>{toMoment(departedAt, now)}, by this device’s clock</dd>
        </div>
        {expiresAt !== null && (
          <div>
            <dt>Ends</dt>
            <dd>{toMoment(expiresAt, now)}, by this device’s clock</dd>
          </div>
        )}
        {shown.map(({ name, meaning, value }) => (
          <div key={name}>
            <dt>
              <code>{name}</code> {meaning}
            </dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {shown.length === 0 && <p>It has no claims that can be read.</p>}
    </details>
  )
}
