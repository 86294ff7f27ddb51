// does: token refresh, tabs
export { OidcProvider, OidcSecure, useOidc, useOidcAccessToken, useOidcFetch } from '@axa-fr/react-oidc'
