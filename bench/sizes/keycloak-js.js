// does: token refresh (when called), tabs (of sign-out)
export { default } from 'keycloak-js'
