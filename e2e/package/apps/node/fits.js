import { rest } from 'stillhere'
import { checkBackend, formatReport } from 'stillhere/check'
import { createMockBackend } from 'stillhere/mock'

// Does an adapter fit its server? Here the server is pretended, and no port is needed.
const mock = createMockBackend({ systems: ['rest'], pbkdf2Iterations: 1 })

const report = await checkBackend(
  (fetch) =>
    rest({
      baseUrl: 'http://localhost/rest',
      signIn: { path: '/login' },
      refresh: { path: '/refresh', with: 'refresh-token', field: 'refreshToken' },
      signOut: { path: '/logout', with: 'refresh-token', field: 'refreshToken' },
      answer: {
        token: 'data.accessToken',
        refreshToken: 'data.refreshToken',
        expires: { field: 'data.expiresIn', unit: 'ms-from-now' },
        userKey: 'data.user.id',
      },
      fetch,
    }),
  {
    credentials: { username: 'analyst@example.com', password: 'bug#1' },
    probe: 'http://localhost/rest/orders',
    fetch: mock.fetch,
  },
)
console.log(formatReport(report))
process.exitCode = report.failed ? 1 : 0
