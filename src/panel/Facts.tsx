'use client'
import type { ReactNode } from 'react'
import type { SessionState } from '../core/types.ts'
import { explain } from './explain.ts'
import type { Snapshot } from './history.ts'
import { toCountdown, toMoment } from './words.ts'

/** How the session stands, in figures and in sentences. */
export function Facts({ snapshot }: { readonly snapshot: Snapshot }) {
  const { state, inspection, now } = snapshot
  const { status, lines } = explain(inspection, state)
  const { deadline } = state
  return (
    <div data-part="facts">
      <dl>
        <Fact name="Status">
          <span data-part="status" data-status={state.status}>
            {status}
          </span>
        </Fact>
        <Fact name="Ends at">{deadline === null ? '–' : toMoment(deadline, now)}</Fact>
        <Fact name="Time left">{deadline === null ? '–' : toCountdown(deadline - now)}</Fact>
        <Fact name="Refreshes">{refreshesOf(state)}</Fact>
        <Fact name="Tabs">{state.tabs === 'shared' ? 'shared' : 'alone'}</Fact>
      </dl>
      <ul data-part="explained">
        {lines.map(({ about, text }) => (
          <li key={about + text.slice(0, 9)} data-about={about}>
            {text}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

const refreshesOf = ({ session }: SessionState) => Math.max(0, (session?.generation ?? 1) - 1)
