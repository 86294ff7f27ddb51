import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { LoginPage, RequireSession, SessionProvider, SessionWarning } from '../react/index.ts'
import '../react/styles.css'
import { getOptions } from './address.ts'
import { Brand } from './Brand.tsx'
import { Console } from './Console.tsx'
import { beginAhead, sleepTogether } from './clock.ts'
import './demo.css'
import { Hint } from './Hint.tsx'
import { LanguagePicker } from './LanguagePicker.tsx'
import { LANGUAGES, type Language } from './languages.ts'
import { SystemPicker } from './SystemPicker.tsx'
import { say } from './said.ts'
import { session, system } from './session.ts'

document.title = `${system.desk} – Stillhere demo`

const { gate, lang } = getOptions()
const { labels, dir }: Language = LANGUAGES[lang]
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
    <Brand />
    <SystemPicker />
  </LoginPage>
)

async function begin(): Promise<void> {
  sleepTogether()
  if (await beginAhead()) say('The server was started anew meanwhile: this clock goes by the server’s again.')
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
}
void begin()
