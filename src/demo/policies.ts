import { nistAal2, nistAal3, owaspHighValue, owaspLowRisk, type PolicyChanges, pciDss } from '../index.ts'

interface NamedPolicy {
  readonly name: string
  readonly changes: PolicyChanges
}

/** The times of a preset: where the token rests is chosen when a session is made, and not while it runs. */
const timesOf = ({ storage: _, ...times }: Omit<PolicyChanges, 'storage'> & { storage?: unknown }): PolicyChanges =>
  times

/** What `?policy=` may name. */
export const POLICIES = {
  own: { name: 'Stillhere’s own', changes: {} },
  quick: { name: 'Quick: 2 min idle', changes: { idleTimeout: 120_000, warnBefore: 60_000 } },
  short: { name: 'Short: 3 min at all, which nothing extends', changes: { sessionLimit: 180_000 } },
  'nist-aal2': { name: 'NIST AAL2: 1 h idle, 24 h at all', changes: timesOf(nistAal2) },
  'nist-aal3': { name: 'NIST AAL3: 15 min idle, 12 h at all', changes: timesOf(nistAal3) },
  'owasp-high-value': { name: 'OWASP, high value: 5 min idle, 4 h at all', changes: timesOf(owaspHighValue) },
  'owasp-low-risk': { name: 'OWASP, low risk: 30 min idle, 8 h at all', changes: timesOf(owaspLowRisk) },
  'pci-dss': { name: 'PCI DSS: 15 min idle', changes: timesOf(pciDss) },
} satisfies Record<string, NamedPolicy>

export type PolicyId = keyof typeof POLICIES

/** Whether a text names a policy. */
export const isPolicy = (id: string | null): id is PolicyId => id !== null && Object.hasOwn(POLICIES, id)
