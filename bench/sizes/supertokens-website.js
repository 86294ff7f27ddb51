// does: token refresh, tabs
export { default } from 'supertokens-website'
