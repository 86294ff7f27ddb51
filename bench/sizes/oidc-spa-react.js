// does: idle detection, warning dialog (a countdown), token refresh, tabs
// without: webcrypto-liner-shim.mjs
export { oidcSpa } from 'oidc-spa/react-spa'
