import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'
import { Host } from './_host.tsx'
import { LoginForm } from './_login.tsx'
import { createMounting } from './_mounting.tsx'
import { post, render } from './_page.tsx'

interface Auth {
  readonly token: string | null
  readonly signIn: () => Promise<void>
  readonly signOut: () => void
}
const AuthContext = createContext<Auth | null>(null)

let auth: Auth
let token: string | null = null
const load = (path: string) => fetch(path, { headers: { authorization: `Bearer ${token}` } })

/** A login written by hand, with nothing that ends it. */
function AuthProvider({ initial = null, children }: { initial?: string | null; children: ReactNode }) {
  const [held, hold] = useState(initial)
  auth = useMemo(
    () => ({
      token: held,
      signIn: async () => {
        const { accessToken } = await post<{ accessToken: string }>('/api/login')
        token = accessToken
        hold(accessToken)
      },
      signOut: () => hold(null),
    }),
    [held],
  )
  return <AuthContext.Provider value={auth}>{children}</AuthContext.Provider>
}

function Gate({ children }: { children: ReactNode }) {
  const { token, signIn } = useContext(AuthContext)!
  return token ? children : <LoginForm signIn={signIn} />
}

const renderApp = (): void =>
  render(
    <AuthProvider>
      <Gate>
        <Host load={load} />
      </Gate>
    </AuthProvider>,
  )

export const paint = { render: renderApp, signOut: () => auth.signOut() }

export const mount = createMounting((rows) => <AuthProvider>{rows}</AuthProvider>)
export const mountGate = createMounting((rows) => (
  <AuthProvider initial="token">
    <Gate>{rows}</Gate>
  </AuthProvider>
))

/** What a page takes without any of the subjects, the clock that moves it included. */
export const memory = (): void =>
  render(
    <AuthProvider initial="token">
      <Gate>
        <Host load={load} />
      </Gate>
    </AuthProvider>,
  )
