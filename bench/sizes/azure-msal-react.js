// does: token refresh (when called), tabs
export { InteractionType, PublicClientApplication } from '@azure/msal-browser'
export { MsalAuthenticationTemplate, MsalProvider, useMsal } from '@azure/msal-react'
