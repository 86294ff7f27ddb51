import SuperTokens from 'supertokens-website'

SuperTokens.init({ apiDomain: location.origin, apiBasePath: '/auth', tokenTransferMethod: 'header' })

/** It puts itself around `fetch`: signs requests, and refreshes where the server answers 401. */
export const refreshing = {
  async signIn(): Promise<void> {
    const response = await fetch('/auth/signin', { method: 'POST' })
    if (!response.ok) throw new Error(`sign-in answered ${response.status}`)
  },
  async request(): Promise<number> {
    const response = await fetch('/api/items').catch(() => null)
    return response?.status ?? 0
  },
  isSignedIn: (): Promise<boolean> => SuperTokens.doesSessionExist(),
}
