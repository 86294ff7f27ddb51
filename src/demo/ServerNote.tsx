import { server } from './server.ts'

/** Where the pretend server is, if it is within this browser, and what it knows of the other tabs and after a reload. */
export function ServerNote() {
  const { shared, keeps } = server
  if (shared === null) return null
  return (
    <p className="quiet">
      {shared
        ? `The server runs inside this browser, one for all tabs${keeps ? '' : '; when the last of them reloads, it forgets you'}.`
        : `Tabs do not share the server here, each runs its own. ${
            keeps
              ? 'All know the same sessions, also after a reload; PINs and new passwords are each tab’s own.'
              : 'None knows of the others’ sessions, and a reload signs you out.'
          }`}
    </p>
  )
}
