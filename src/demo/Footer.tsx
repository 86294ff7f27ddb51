import { addressOf, useOptions } from './address.ts'
import { system } from './session.ts'

/** How long tokens live here, and how to see an end soon. */
export function Footer() {
  const { ttl } = useOptions()
  return (
    <footer className="foot quiet">
      Stillhere’s demo, on a pretend server.{' '}
      {ttl ? (
        <>
          Tokens live {ttl} s here, so a warning comes soon. <a href={addressOf({ ttl: null })}>Use {system.life}</a>
        </>
      ) : (
        <>
          In a hurry? <a href={addressOf({ ttl: '90' })}>Use tokens of 90 s</a> and sign in anew: warning and end come
          within two minutes.
        </>
      )}
    </footer>
  )
}
