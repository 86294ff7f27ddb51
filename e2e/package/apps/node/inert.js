import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { createSession, eclecticiq } from 'stillhere'
import { RequireSession, SessionProvider, SessionWarning } from 'stillhere/react'

// As on a server: made once, for whoever asks.
const session = createSession({ backend: eclecticiq({ baseUrl: '/api' }), log: console.log })
session.start()
session.touch()

const page = createElement(
  SessionProvider,
  { session },
  createElement(SessionWarning),
  createElement(RequireSession, { checking: 'One moment …' }, 'Private'),
)
console.log(renderToString(page))
console.log(await session.getToken().catch((error) => error.name))
console.log(await session.fetch('https://app.example/api/feeds/').catch((error) => error.name))
