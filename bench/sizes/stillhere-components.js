// does: idle detection, warning dialog, login page, token refresh, tabs
export { createSession, eclecticiq } from 'stillhere'
export {
  LoginPage,
  RequireSession,
  SessionProvider,
  SessionWarning,
  useSecondsLeft,
  useSession,
} from 'stillhere/react'
