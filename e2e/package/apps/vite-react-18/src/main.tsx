import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RequireSession, SessionProvider, SessionWarning } from 'stillhere/react'
import 'stillhere/styles.css'
import { Desk } from './Desk.tsx'
import { session } from './session.ts'

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <SessionProvider session={session}>
      <SessionWarning />
      <RequireSession>
        <Desk />
      </RequireSession>
    </SessionProvider>
  </StrictMode>,
)
