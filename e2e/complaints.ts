import type { BrowserContext } from '@playwright/test'

/** What pages of this context complain of: the policy, the console, their scripts. */
export async function complaintsOf(context: BrowserContext): Promise<string[]> {
  const complaints: string[] = []
  await context.exposeFunction('complain', (text: string) => complaints.push(text))
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
      (window as unknown as { complain(text: string): void }).complain(`${effectiveDirective} ${blockedURI} ${sample}`),
    )
  })
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(error.error().message))
  return complaints
}
