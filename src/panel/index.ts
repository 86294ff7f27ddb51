import { createElement } from 'react'
import type { Session } from '../index.ts'

/** Starts recording what happens to a session. */
export function recordSession(session: Session) {
  const entries: string[] = []
  const off = session.on('ended', ({ reason }) => void entries.push(reason))
  return { get: () => entries, stop: off }
}

/** The session drawn over time. */
export const SessionPanel = ({ session }: { session: Session }) =>
  createElement('p', null, `The timeline of a session that is ${session.getState().status} goes here.`)
