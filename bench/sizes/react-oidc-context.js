// does: token refresh, tabs (of sign-out)
export { WebStorageStateStore } from 'oidc-client-ts'
export { AuthProvider, useAuth } from 'react-oidc-context'
