import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { LoginPage, RequireSession, SessionProvider, SessionWarning, useSession } from '../react/index.ts'
import '../react/styles.css'
import { Console } from './Console.tsx'
import './demo.css'
import { session, ttl } from './session.ts'

function Hint() {
  const revocation = useSession((state) => state.revocation)
  return (
    <aside className="hint" aria-label="About this demo">
      {revocation && (
        <p>
          Your last token at the server: <strong>{revocation}</strong>.
        </p>
      )}
      <p>
        This is Stillhere’s demo, on a pretend server. Sign in as <code>analyst@example.com</code> with password{' '}
        <code>bug#1</code>.
      </p>
      {ttl ? (
        <p>Tokens live {ttl} seconds here: sign in, take your hands off, and watch.</p>
      ) : (
        <p>
          Tokens live 30 minutes. <a href="?ttl=90">With tokens of 90 seconds</a> you see the warning and the end within
          two minutes.
        </p>
      )}
    </aside>
  )
}

const login = (
  <LoginPage footer={<Hint />}>
    <p className="brand">Threat desk</p>
  </LoginPage>
)

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <SessionProvider session={session}>
      <SessionWarning />
      <RequireSession login={login} checking={<p className="checking">Checking your session …</p>}>
        <Console />
      </RequireSession>
    </SessionProvider>
  </StrictMode>,
)
