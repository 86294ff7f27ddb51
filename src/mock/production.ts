/** What the mock says of itself wherever it starts. */
export const NOT_FOR_PRODUCTION = 'A mock, not for production.'

type Environment = Record<string, string | undefined>

// Read through a variable: bundlers replace `process.env.NODE_ENV` as written, and a page has no process.
const environment = (): Environment => (globalThis as { process?: { env?: Environment } }).process?.env ?? {}

/** Throws where NODE_ENV is `production`, unless told twice: by the option and by the environment. */
export function refuseProduction(allowProduction = false): void {
  const env = environment()
  if (env.NODE_ENV !== 'production') return
  if (allowProduction && env.STILLHERE_MOCK_IN_PRODUCTION === 'yes') return
  throw new Error(
    'The mock backend of Stillhere is not for production: its users and passwords are public. ' +
      'To run it with NODE_ENV=production nevertheless, pass allowProduction: true and set STILLHERE_MOCK_IN_PRODUCTION=yes.',
  )
}
