// does: token refresh, tabs (of sign-out)
export { UserManager, WebStorageStateStore } from 'oidc-client-ts'
