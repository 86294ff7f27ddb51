import { UserManager, WebStorageStateStore } from 'oidc-client-ts'

const authority = `${location.origin}/oidc`

const manager = new UserManager({
  authority,
  metadata: { issuer: authority, token_endpoint: `${authority}/token` },
  client_id: 'bench',
  redirect_uri: location.origin,
  // Shared by tabs, and kept over reloads.
  userStore: new WebStorageStateStore({ store: localStorage }),
})

async function userNow() {
  const user = await manager.getUser()
  return user?.expired ? manager.signinSilent() : user
}

/** With its automatic renewal on, as by default, and a look at the user before each request. */
export const refreshing = {
  async signIn(): Promise<void> {
    await manager.signinResourceOwnerCredentials({ username: 'analyst', password: 'bug#1' })
  },
  async request(): Promise<number> {
    const user = await userNow().catch(() => null)
    if (!user) return 0
    const response = await fetch('/api/items', { headers: { authorization: `Bearer ${user.access_token}` } })
    return response.status
  },
  async isSignedIn(): Promise<boolean> {
    const user = await manager.getUser()
    return !!user && !user.expired
  },
}
