/** Every line of a report, in its order: its heading, and a sentence that is true if it passes or, where it only informs, a topic. */
export const catalogue = {
  transport: ['Signing in', 'Goes over https, or stays on this machine'],
  'sign-in': ['Signing in', 'Signs in'],
  'wrong-password': ['Signing in', 'A wrong password is recognised as one'],
  'bad-request': ['Signing in', 'A broken sign-in is answered with 4xx'],
  'error-kinds': ['Signing in', 'The adapter tells its errors apart'],

  'user-key': ['What the answer tells', "The server's own key for the person"],
  roles: ['What the answer tells', 'Roles'],
  'token-end': ['What the answer tells', 'When the token ends'],
  'token-life': ['What the answer tells', 'The told end is that of the token itself'],
  'refresh-end': ['What the answer tells', 'When the refresh token ends'],
  clock: ['What the answer tells', 'The clocks of server and machine agree'],

  accepted: ['The token', 'Accepted by the protected path'],
  'no-token': ['The token', 'Refused there without a token'],
  'garbage-token': ['The token', 'Garbage is refused there as a bad token'],
  'forged-token': ['The token', 'A forged token is refused there'],

  refresh: ['Refresh', 'Refreshes'],
  'refresh-new-token': ['Refresh', 'Gives another token'],
  'refresh-accepted': ['Refresh', 'The protected path accepts it'],
  'refresh-later-end': ['Refresh', 'It ends later than the one before'],
  'refresh-user': ['Refresh', 'It is for the same person'],
  'old-token': ['Refresh', 'What becomes of the old token'],
  'refresh-token-fate': ['Refresh', 'What becomes of the refresh token'],
  'refresh-reuse': ['Refresh', 'A spent refresh token, used again'],
  'parallel-refresh': ['Refresh', 'Three refreshes at once from one token'],

  revoke: ['Sign-out', 'Signs out at the server'],
  'revoked-token': ['Sign-out', 'The token is refused afterwards'],
  'revoked-earlier': ['Sign-out', 'So are the earlier tokens of the session'],
  'revoked-refresh': ['Sign-out', 'Nothing renews the session afterwards'],
  'revoke-twice': ['Sign-out', 'Signing out twice does no harm'],
  'revoke-with-old': ['Sign-out', 'Signing out with an earlier token'],

  'early-refusal': ["The token's end", 'Accepted until shortly before it'],
  'end-kept': ["The token's end", 'Refused after it'],
  'revoke-after-end': ["The token's end", 'Signing out after it'],

  'cors-sign-in': ['From pages of another origin', 'Sign-in'],
  'cors-refresh': ['From pages of another origin', 'Refresh'],
  'cors-probe': ['From pages of another origin', 'Protected path'],
  'cors-sign-out': ['From pages of another origin', 'Sign-out'],
  'cors-expose': ['From pages of another origin', 'Telling headers can be read'],

  redirects: ['Care with secrets', 'No secret follows a redirect'],
  urls: ['Care with secrets', 'No secret in an address'],
  messages: ['Care with secrets', "No secret in the adapter's error messages"],
  echo: ['Care with secrets', "No secret in the server's error answers"],
  'no-store': ['Care with secrets', 'Answers with tokens are not to be stored'],
  json: ['Care with secrets', 'Answers with tokens say that they are JSON'],
  cookies: ['Care with secrets', 'Cookies are kept from scripts and strangers'],
  'left-behind': ['Care with secrets', 'Nothing is left behind'],
} as const

/** The id of a line. */
export type LineId = keyof typeof catalogue

/** All of them, in the order of the report. */
export const lineIds = Object.keys(catalogue) as LineId[]
