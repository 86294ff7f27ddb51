import type { Lengths } from '../core/policy.ts'
import type { Policy, Status } from '../core/types.ts'
import { explain } from './explain.ts'
import type { Bucket, Snapshot, Step, Stretch, TokenLife } from './history.ts'
import { redactClaims, scrub, shortId } from './redact.ts'

/** A recording to be sent to somebody: no token, no password, nobody's name. Moments are epoch ms. */
export interface RecordingExport {
  readonly format: 'stillhere-recording'
  readonly v: 1
  readonly since: number
  readonly now: number
  readonly status: Status
  /** What the policy makes of it now, in words. */
  readonly explained: readonly string[]
  readonly policy: Policy
  /** The lengths that follow from the token at hand, in ms; `null` while nobody is signed in. */
  readonly lengths: Lengths | null
  /** The claims by their names; a value is there only where it is about the token and not about a person. */
  readonly claims: Readonly<Record<string, unknown>> | null
  readonly steps: readonly Step[]
  /** The length of a bucket of `activity`, in ms. */
  readonly bucket: number
  readonly activity: readonly Bucket[]
  readonly tokens: readonly TokenLife[]
  readonly warnings: readonly Stretch[]
  readonly keptAwake: readonly Stretch[]
  readonly gaps: readonly Stretch[]
  readonly happened: readonly {
    readonly at: number
    readonly until: number | null
    readonly type: string
    readonly text: string
  }[]
}

/** What a snapshot has to tell to somebody else; `personal`: the texts that name somebody. */
export function exportOf(snapshot: Snapshot, personal: Iterable<string>): RecordingExport {
  const { since, now, state, inspection, bucket, steps, activity, warnings, keptAwake, gaps } = snapshot
  const { policy, lengths } = inspection
  return scrub(
    {
      format: 'stillhere-recording',
      v: 1,
      since,
      now,
      status: state.status,
      explained: explain(inspection, state).lines.map(({ text }) => text),
      policy,
      lengths,
      claims: state.claims && redactClaims(state.claims),
      steps,
      bucket,
      activity,
      tokens: snapshot.tokens.map((token) => ({ ...token, sessionId: shortId(token.sessionId) })),
      warnings,
      keptAwake,
      gaps,
      happened: snapshot.entries.map(({ at, until, type, text }) => ({ at, until, type, text })),
    },
    personal,
  )
}
