import { useSession } from '../react/index.ts'
import { Auth0Button } from './Auth0Button.tsx'
import { addressOf, getOptions } from './address.ts'
import { Phone } from './Phone.tsx'
import { ServerNote } from './ServerNote.tsx'
import { system } from './session.ts'

const ACCOUNT = { username: 'analyst@example.com', password: 'bug#1' }

/** Types the demo's account into the form, as a password manager does. */
function fillIn(): void {
  for (const [name, value] of Object.entries(ACCOUNT)) {
    const input = document.querySelector<HTMLInputElement>(`[data-stillhere="form"] input[name="${name}"]`)
    if (!input) continue
    // React takes notice of what is set past its own setter.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(input, value)
    input.dispatchEvent(new Event('input', { bubbles: true }))
  }
  document.querySelector<HTMLElement>('[data-stillhere="form"] [type="submit"]')?.focus()
}

/** Below the login form: as whom to sign in, and what to watch. */
export function Hint() {
  const revocation = useSession((state) => state.revocation)
  const { system: systemId, ttl } = getOptions()
  return (
    <aside className="hint" aria-label="About this demo">
      {revocation && (
        <p>
          Your last token at the server: <strong>{revocation}</strong>.
        </p>
      )}
      <div className="account">
        <p>
          This is Stillhere’s demo, on a pretend server. Sign in as <code>{ACCOUNT.username}</code> with password{' '}
          <code>{ACCOUNT.password}</code>.
        </p>
        <button type="button" onClick={fillIn}>
          Fill in the demo’s account
        </button>
        {systemId === 'datarhei' && <Auth0Button />}
      </div>
      {systemId === 'eclipse' && <Phone />}
      {ttl ? (
        <p>Tokens live {ttl} seconds here: sign in, take your hands off, and watch.</p>
      ) : (
        <p>
          Tokens live {system.life}. <a href={addressOf({ ttl: '90' })}>With tokens of 90 seconds</a> you see the
          warning and the end within two minutes.
        </p>
      )}
      <ServerNote />
    </aside>
  )
}
