import { jwtDecode } from 'jwt-decode'
import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import { post } from './_page.tsx'

const REFRESH_AFTER = 60_000

interface Auth {
  readonly accessToken: string | null
  readonly refreshToken: string | null
}
type Granted = { readonly accessToken: string; readonly refreshToken: string }

const NOBODY: Auth = { accessToken: null, refreshToken: null }

// In localStorage, so that reloads keep it and tabs share it.
export const useAuth = create<Auth>()(persist(() => NOBODY, { name: 'auth' }))
addEventListener('storage', ({ key }) => key === 'auth' && useAuth.persist.rehydrate())

function keep({ accessToken, refreshToken }: Granted): void {
  useAuth.setState({ accessToken, refreshToken })
}

export const signIn = async (): Promise<void> =>
  keep(await post<Granted>('/api/login', { username: 'analyst', password: 'bug#1' }))

export async function signOut(): Promise<void> {
  const { refreshToken } = useAuth.getState()
  useAuth.setState(NOBODY)
  if (refreshToken) await fetch('/api/logout', { method: 'POST', body: JSON.stringify({ refreshToken }) })
}

// One refresh at a time, whoever asks.
let refreshing: Promise<void> | null = null
async function refresh(): Promise<void> {
  const { refreshToken } = useAuth.getState()
  if (!refreshToken) return
  refreshing ??= post<Granted>('/api/refresh', { refreshToken })
    .then(keep)
    .catch((error) => {
      if (error.status === 401) useAuth.setState(NOBODY)
    })
    .finally(() => {
      refreshing = null
    })
  return refreshing
}

const timesOf = (token: string) => {
  const { iat = 0, exp = 0 } = jwtDecode(token)
  return { issued: iat * 1_000, expires: exp * 1_000 }
}

/** Somebody is here: the token is renewed once it is a minute old. */
export function refreshIfOld(): void {
  const { accessToken } = useAuth.getState()
  if (accessToken && Date.now() - timesOf(accessToken).issued >= REFRESH_AFTER) void refresh()
}

/** A request with the token on, renewed first where it has run out, and once more where the server says so. */
export async function request(path: string): Promise<Response> {
  const send = () => fetch(path, { headers: { authorization: `Bearer ${useAuth.getState().accessToken}` } })
  const { accessToken } = useAuth.getState()
  if (accessToken && timesOf(accessToken).expires <= Date.now()) await refresh()
  const response = await send()
  if (response.status !== 401) return response
  await refresh()
  return useAuth.getState().accessToken ? send() : response
}
