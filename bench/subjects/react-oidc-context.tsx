import { AuthProvider } from 'react-oidc-context'
import { createMounting } from './_mounting.tsx'

const SETTINGS = {
  authority: location.origin,
  client_id: 'bench',
  redirect_uri: location.origin,
  onSigninCallback: () => history.replaceState({}, document.title, location.pathname),
}

export const mount = createMounting((rows) => <AuthProvider {...SETTINGS}>{rows}</AuthProvider>)
