/** A mistake, planted on purpose by changing the source before it runs: each text is found exactly once in its file. */
export interface Mutant {
  readonly name: string
  readonly changes: readonly { readonly file: string; readonly from: string; readonly to: string }[]
}

const mutant = (name: string, file: string, from: string, to: string): Mutant => ({
  name,
  changes: [{ file, from, to }],
})

/** Mistakes that others have made, or that this code would invite. */
export const MUTANTS: readonly Mutant[] = [
  mutant(
    'release the lock before the record is written',
    'core/refresh.ts',
    'const record = await shared.amend(id, (r) => ({ ...withoutDoubt(r), generation }))',
    'const record: SharedRecord | null | undefined = null as SharedRecord | null; setTimeout(() => void shared.amend(id, (r) => ({ ...withoutDoubt(r), generation })))',
  ),
  mutant(
    'refresh without the lock',
    'core/refresh.ts',
    "await platform.exclusive('refresh', PATIENCE, () => settled(mine, platform.now()))",
    'await settled(mine, Infinity)',
  ),
  mutant(
    'do not look for a faster sibling',
    'core/refresh.ts',
    '    const sibling = await newerThan(held, record)\n',
    '    const sibling = null as Held | null\n',
  ),
  {
    name: 'adopt after sign-out',
    changes: [
      { file: 'core/refresh.ts', from: '    if (isMine()) {\n', to: '    if (isMine() || true) {\n' },
      {
        file: 'core/refresh.ts',
        from: 'if (isMine() && (!record || isLive(record, id))) return',
        to: 'if (record !== undefined || true) return',
      },
      {
        file: 'core/session.ts',
        from: 'if (session?.id !== id) {',
        to: 'if (session && session.id !== id) {',
      },
      {
        file: 'core/session.ts',
        from: "    if (outcome.kind === 'moved-on') void",
        to: "    if (!session && outcome.kind !== 'renewed') return\n    if (outcome.kind === 'moved-on') void",
      },
    ],
  },
  mutant(
    'count the waking event',
    'core/presence.ts',
    '    touch(strong = true): void {\n      tick()\n',
    '    touch(strong = true): void {\n',
  ),
  mutant('a stale tab ends the fresh session', 'core/lapse.ts', "here = verdict.phase === 'over'", 'here = true'),
  mutant(
    'retry without judge',
    'core/life.ts',
    '      show({ trouble: error.kind, staying: false })\n',
    '      show({ trouble: error.kind, staying: false })\n      if (!disposed) platform.wakeAt(now + 1_000, () => room.refresh(false))\n',
  ),
  mutant(
    'ignore the generation',
    'core/refresh.ts',
    '{ ...withoutDoubt(r), generation }',
    '{ ...withoutDoubt(r), generation: r.generation + 0 * generation }',
  ),
  mutant(
    'trust what storage holds',
    'core/restore.ts',
    'const isMine = () => !!claim && (record === undefined || isLive(record, claim.held.id))',
    'const isMine = () => !!claim',
  ),
  mutant(
    'move the last activity on refresh',
    'core/life.ts',
    'Math.max(lastActive, active, way.stayAt)',
    'Math.max(lastActive, active, way.stayAt, held.grant.departedAt)',
  ),
  mutant(
    'let requests extend the session',
    'core/policy.ts',
    'mayRenew: !over && renewable && (policy.idleTimeout !== null || lastActive > grant.departedAt)',
    'mayRenew: !over && renewable',
  ),
  mutant(
    'take an outage for a refusal',
    'core/session.ts',
    "if (error.kind !== 'refused' || isUnsure) life.fail",
    'if (isUnsure) life.fail',
  ),
  mutant(
    'take a malformed answer for a refusal',
    'core/session.ts',
    "if (error.kind !== 'refused' || isUnsure) life.fail",
    "if (error.kind === 'unreachable' || isUnsure) life.fail",
  ),
  mutant(
    'revoke only when asked to',
    'core/session.ts',
    "if (how !== 'quietly') show(",
    "if (how !== 'quietly' && reason === 'user') show(",
  ),
  mutant(
    'forget the grant of a sign-in that was left',
    'core/sign-in.ts',
    '      if (isGood) return\n      room.discard(held)\n',
    '      if (isGood) return\n',
  ),
  mutant(
    'try a revocation once',
    'core/ending.ts',
    'return Math.max(backoff(platform, failures++), retryAfter)',
    "return retryAfter > 1e9 ? backoff(platform, failures++) : 'failed'",
  ),
  mutant(
    'leave the revocation to the tab that ended the session',
    'core/ending.ts',
    '    } else wait(STAND_BY)\n',
    '    }\n',
  ),
  mutant(
    'open the warning too late',
    'core/policy.ts',
    'const warnAt = Math.max(deadline - lead, held)',
    'const warnAt = Math.max(deadline - Math.min(lead, 5_000), held)',
  ),
  mutant(
    'count activity while the warning is open',
    'core/presence.ts',
    "(status === 'warning' && strong && policy.activityDuringWarning === 'extend')",
    "status === 'warning'",
  ),
  mutant(
    'believe others on the future',
    'core/follow.ts',
    'return at > now + AHEAD ? 0 : Math.min(at, now)',
    'return at',
  ),
  mutant(
    'do not notice that the clock was set back',
    'core/clock.ts',
    'if (step < -STEP) shift(step)',
    'if (step < -1e15) shift(step)',
  ),
  mutant(
    'keep the epoch at sign-in',
    'core/record.ts',
    'epoch: next(Math.max(record?.epoch ?? 0, seen)),',
    'epoch: Math.max(record?.epoch ?? 0, seen, Number(next(0))),',
  ),
  mutant(
    'keep the epoch at the end',
    'core/record.ts',
    '  epoch: next(record.epoch),\n  endedReason',
    '  epoch: record.epoch,\n  endedReason',
  ),
  mutant('do not write the end into the record', 'core/session.ts', '    void shared.end(held.id, reason)\n', ''),
  mutant(
    'do not tell the others of the end',
    'core/session.ts',
    "    if (here) shared.say({ kind: 'ended', sessionId: held.id, reason })\n",
    '',
  ),
  mutant(
    'send a request as whoever is signed in by then',
    'core/requests.ts',
    '(owner ?? session.id) !== session.id',
    'owner === null',
  ),
  mutant(
    'write over a fresher record',
    'core/follow.ts',
    '!isPast(found, mine) && isLater(found, mine)',
    'found.epoch > 1e15 && isLater(found, mine)',
  ),
  mutant(
    'take a lease that another tab holds',
    'browser/lease.ts',
    'isMine = !(left > 0 && left < 2 * LEASE)',
    'isMine = left > -1e15',
  ),
  mutant(
    'keep a session awake for ever',
    'core/keep-awake.ts',
    'const isOver = () => platform.now() >= until || platform.monotonic() >= end',
    'const isOver = () => platform.now() + until + end < 0',
  ),
  {
    name: 'leave the alarm on',
    changes: [
      {
        file: 'core/life.ts',
        from: '    sleep(): void {\n      awake = false\n      cancelAlarm()\n',
        to: '    sleep(): void {\n      awake = false\n',
      },
      {
        file: 'core/life.ts',
        from: '    dispose(): void {\n      awake = false\n      cancelAlarm()\n',
        to: '    dispose(): void {\n      awake = false\n',
      },
    ],
  },
  mutant(
    'leave the listeners on',
    'core/session.ts',
    '          for (const off of offs) off()\n',
    '          offs.length = 0\n',
  ),
  mutant(
    'sign out by the whole life of the token',
    'core/policy.ts',
    '(life < Infinity ? life - every : NaN)',
    '(life < Infinity ? life : NaN)',
  ),
  mutant(
    'forget the session’s limit',
    'core/policy.ts',
    'facts.signedInAt + (policy.sessionLimit ?? Infinity)',
    'facts.signedInAt + Infinity',
  ),
  mutant(
    'believe the device’s clock on when a token ends',
    'backends/time.ts',
    'lives.length ? Math.min(...lives) : exp - reply.departedAt',
    'exp - reply.departedAt',
  ),
  mutant(
    'tell a secret',
    'core/life.ts',
    "emit('signed-in', id, { here })",
    "emit('signed-in', id, { here, ...{ token: grant.token.reveal() } })",
  ),
  mutant('ask on after dispose', 'core/shared.ts', 'if (closed) return null', ''),
]
