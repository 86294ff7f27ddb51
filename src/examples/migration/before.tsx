import { jwtDecode } from 'jwt-decode'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { useIdleTimer } from 'react-idle-timer'
import { create } from 'zustand'
import { persist } from 'zustand/middleware'

const API = '/rest'
const IDLE = 15 * 60_000
const WARN = 2 * 60_000

interface Auth {
  readonly user: string | null
  readonly accessToken: string | null
  readonly refreshToken: string | null
}

const NOBODY: Auth = { user: null, accessToken: null, refreshToken: null }

// In localStorage, so that reloads keep it and tabs share it.
const useAuth = create<Auth>()(persist(() => NOBODY, { name: 'auth' }))
addEventListener('storage', ({ key }) => key === 'auth' && useAuth.persist.rehydrate())

const post = (path: string, body: unknown) =>
  fetch(API + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

async function keep(response: Response) {
  const { data } = await response.json()
  useAuth.setState({ user: data.user.name, accessToken: data.accessToken, refreshToken: data.refreshToken })
}

async function signIn(username: string, password: string) {
  const response = await post('/login', { username, password })
  if (!response.ok) throw new Error('Wrong user name or password.')
  await keep(response)
}

export async function signOut() {
  const { refreshToken } = useAuth.getState()
  useAuth.setState(NOBODY)
  if (refreshToken) await post('/logout', { refreshToken }).catch(() => {})
}

// One refresh at a time, whoever asks.
let refreshing: Promise<void> | null = null
function refresh() {
  refreshing ??= (async () => {
    const response = await post('/refresh', { refreshToken: useAuth.getState().refreshToken })
    if (response.status === 401) await signOut()
    else if (response.ok) await keep(response)
  })().finally(() => {
    refreshing = null
  })
  return refreshing
}

/** The token on each request; after a 401 one refresh and one retry. */
export async function api(path: string, init?: RequestInit): Promise<Response> {
  const send = () => {
    const headers = new Headers(init?.headers)
    headers.set('authorization', `Bearer ${useAuth.getState().accessToken}`)
    return fetch(path, { ...init, headers })
  }
  const response = await send()
  if (response.status !== 401) return response
  await refresh()
  return useAuth.getState().accessToken ? send() : response
}

function useRefreshAhead() {
  const accessToken = useAuth((s) => s.accessToken)
  useEffect(() => {
    if (!accessToken) return
    const { exp = 0 } = jwtDecode(accessToken)
    const timer = setTimeout(() => refresh().catch(() => {}), exp * 1000 - Date.now() - 60_000)
    return () => clearTimeout(timer)
  }, [accessToken])
}

function IdleWarning() {
  const [open, setOpen] = useState(false)
  const [left, setLeft] = useState(WARN)
  const { activate, getRemainingTime } = useIdleTimer({
    timeout: IDLE,
    promptBeforeIdle: WARN,
    crossTab: true,
    syncTimers: 1_000,
    onPrompt: () => setOpen(true),
    onActive: () => setOpen(false),
    onIdle: signOut,
  })
  useEffect(() => {
    if (!open) return
    const timer = setInterval(() => setLeft(getRemainingTime()), 500)
    return () => clearInterval(timer)
  }, [open, getRemainingTime])
  if (!open) return null
  return (
    <div role="alertdialog" aria-modal="true" aria-labelledby="still-there" className="modal">
      <h2 id="still-there">Are you still there?</h2>
      <p>You will be signed out in {Math.ceil(left / 1000)} seconds.</p>
      <button type="button" onClick={activate}>
        Stay signed in
      </button>
    </div>
  )
}

function Login() {
  const [error, setError] = useState('')
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    signIn(String(form.get('username')), String(form.get('password'))).catch((e: Error) => setError(e.message))
  }
  return (
    <form onSubmit={submit}>
      <h1>Sign in</h1>
      <label>
        User name <input name="username" autoComplete="username" />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" />
      </label>
      {error && <p role="alert">{error}</p>}
      <button type="submit">Sign in</button>
    </form>
  )
}

export function Root({ children }: { children: ReactNode }) {
  const user = useAuth((s) => s.user)
  useRefreshAhead()
  if (!user) return <Login />
  return (
    <>
      <IdleWarning />
      {children}
    </>
  )
}
