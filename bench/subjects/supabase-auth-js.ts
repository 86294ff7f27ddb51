import { GoTrueClient } from '@supabase/auth-js'

const client = new GoTrueClient({
  url: `${location.origin}/auth/v1`,
  storageKey: 'bench',
  autoRefreshToken: true,
  persistSession: true,
})

/** With its automatic refresh on, and `getSession` before each request, as supabase-js does it. */
export const refreshing = {
  async signIn(): Promise<void> {
    const { error } = await client.signInWithPassword({ email: 'analyst@example.com', password: 'bug#1' })
    if (error) throw error
  },
  async request(): Promise<number> {
    const { data } = await client.getSession()
    if (!data.session) return 0
    const response = await fetch('/api/items', { headers: { authorization: `Bearer ${data.session.access_token}` } })
    return response.status
  },
  async isSignedIn(): Promise<boolean> {
    const { data } = await client.getSession()
    return data.session !== null
  },
}
