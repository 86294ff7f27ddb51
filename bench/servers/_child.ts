import type { Ask, Told } from '../servers.ts'

interface Server {
  readonly url: string
  /** Puts so many revoked sessions, each with a token that has not yet expired, where it keeps them. */
  readonly revoke?: (count: number) => Promise<void>
}

/** Answers what the load generator's process asks of this one. */
export function attend({ url, revoke }: Server): void {
  const tell = (told: Told) => process.send!(told)
  process.on('message', async ({ task, count }: Ask) => {
    if (task === 'revoke') await revoke!(count!)
    const { user, system } = process.cpuUsage()
    tell({ cpu: user + system })
  })
  process.on('disconnect', () => process.exit())
  tell({ url })
}
