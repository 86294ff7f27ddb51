import { useSession } from '../react/index.ts'
import { Auth0Button } from './Auth0Button.tsx'
import { Phone } from './Phone.tsx'
import { ServerNote } from './ServerNote.tsx'
import { addressOf, system, systemId, ttl } from './session.ts'

/** Below the login form: as whom to sign in, and what to watch. */
export function Hint() {
  const revocation = useSession((state) => state.revocation)
  return (
    <aside className="hint" aria-label="About this demo">
      {systemId === 'datarhei' && <Auth0Button />}
      {systemId === 'eclipse' && <Phone />}
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
          Tokens live {system.life}. <a href={addressOf({ ttl: '90' })}>With tokens of 90 seconds</a> you see the
          warning and the end within two minutes.
        </p>
      )}
      <ServerNote />
    </aside>
  )
}
