import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { LoginPage, RequireSession, SessionProvider, SessionWarning } from '../react/index.ts'
import '../react/styles.css'
import { Console } from './Console.tsx'
import './demo.css'
import { Hint } from './Hint.tsx'
import { LanguagePicker } from './LanguagePicker.tsx'
import { LANGUAGES, type Language } from './languages.ts'
import { SystemPicker } from './SystemPicker.tsx'
import { gate, languageId, session, system } from './session.ts'

document.title = `${system.desk} – Stillhere demo`

const { labels, dir }: Language = LANGUAGES[languageId]
if (dir) document.documentElement.dir = dir

const login = (
  <LoginPage
    footer={
      <>
        <Hint />
        <LanguagePicker />
      </>
    }
  >
    <p className="brand">{system.desk}</p>
    <SystemPicker />
  </LoginPage>
)

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <SessionProvider session={session} labels={labels}>
      <SessionWarning />
      <RequireSession mode={gate} login={login} checking={<p className="checking">Checking your session …</p>}>
        <Console />
      </RequireSession>
    </SessionProvider>
  </StrictMode>,
)
