/** NIST SP 800-63B-4, § 2.2.3 (AAL2): reauthentication should take place after 1 hour of inactivity, and every 24 hours overall. */
export const nistAal2 = { idleTimeout: 3_600_000, sessionLimit: 86_400_000, warnBefore: 120_000 } as const

/** NIST SP 800-63B-4, § 2.3.3 (AAL3): reauthentication should take place after 15 minutes of inactivity, and shall every 12 hours overall; § 5.1 advises against localStorage, so the token rests in memory. */
export const nistAal3 = {
  idleTimeout: 900_000,
  sessionLimit: 43_200_000,
  warnBefore: 120_000,
  storage: 'memory',
} as const

/** PCI DSS v4, requirement 8.2.8: who has been idle for more than 15 minutes must authenticate again. It sets no overall limit. */
export const pciDss = { idleTimeout: 900_000, warnBefore: 120_000 } as const

/** OWASP Session Management Cheat Sheet, "Session Expiration", high-value applications: idle 2 to 5 minutes, here 5; overall 4 to 8 hours, here 4; the token rests in memory. */
export const owaspHighValue = {
  idleTimeout: 300_000,
  sessionLimit: 14_400_000,
  warnBefore: 80_000,
  storage: 'memory',
} as const

/** OWASP Session Management Cheat Sheet, "Session Expiration", low-risk applications: idle 15 to 30 minutes, here 30; overall 4 to 8 hours, here 8. */
export const owaspLowRisk = { idleTimeout: 1_800_000, sessionLimit: 28_800_000, warnBefore: 120_000 } as const
