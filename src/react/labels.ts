import type { EndReason } from '../core/types.ts'
import { timeIn } from './locale.ts'

/** Every word that Stillhere shows or says. Give your own to `<SessionProvider labels>`. */
export interface Labels {
  /** The language of the words, as a tag of BCP 47; empty where nobody said. */
  readonly locale: string
  readonly warningTitle: string
  /** Why the session is about to end, by what ends it. */
  readonly warningIdle: string
  readonly warningLimit: string
  readonly warningToken: string
  /** How long is left, ready-made by `time`. */
  readonly timeLeft: (time: string) => string
  /** A length of time in words: minutes, rounded up, above a minute, and seconds below. */
  readonly time: (seconds: number) => string
  /** The same, abbreviated, in the middle of the warning's ring: what follows the first space stands below. */
  readonly timeShort: (seconds: number) => string
  /** The title of a hidden tab. */
  readonly titleLeft: (time: string) => string
  readonly stay: string
  readonly staying: string
  readonly stayFailed: string
  readonly signOut: string
  readonly signInAgain: string
  readonly notNow: string
  /** What becomes of work that is not saved, at the end of the session. */
  readonly willBeLost: string
  readonly willBeKept: string
  /** How long nobody may be here, where a task begins. */
  readonly timeLimit: (time: string) => string
  /** How long before the end the warning comes. */
  readonly timeLimitWarning: (time: string) => string

  readonly signInTitle: string
  readonly username: string
  readonly password: string
  readonly showPassword: string
  readonly signIn: string
  readonly signingIn: string
  readonly forgotPassword: string
  /** Why the last session ended. */
  readonly reasons: Readonly<Record<EndReason, string>>
  readonly signedOutElsewhere: string
  /** What became of work that was not saved. */
  readonly wasLost: string
  readonly wasKept: string
  /** Never says which of the two was wrong. */
  readonly wrong: string
  readonly missing: string
  readonly unreachable: string
  readonly malformed: string
  /** `time` is said in words. */
  readonly throttled: (time: string) => string
  /** On the button that has to wait, ready-made by `time`. */
  readonly wait: (time: string) => string

  readonly newPasswordTitle: string
  readonly pinHint: string
  readonly sendPin: string
  readonly oneMoment: string
  /** Never says whether anybody has that user name. */
  readonly pinSent: (username: string) => string
  /** Never says whether anybody has that user name. */
  readonly anotherPinSent: (username: string) => string
  readonly pin: string
  readonly newPassword: string
  readonly changePassword: string
  readonly sendAnotherPin: string
  readonly backToSignIn: string
  readonly usernameMissing: string
  readonly usernameWrong: string
  readonly pinMissing: string
  /** Never says which of the two was wrong. */
  readonly pinWrong: string
  readonly passwordChanged: string

  /** Of a page that waits for whoever was signed out of it. */
  readonly kept: (username: string) => string
  readonly notYou: string
}

type Times = 'time' | 'timeShort'

/** The lengths of time in a language. */
const timesIn = (locale: string): Pick<Labels, Times> => ({ time: timeIn(locale), timeShort: timeIn(locale, 'short') })

/** The words of one language; the lengths of time are written by `Intl`, unless `time` and `timeShort` are given. */
export type Words = Omit<Labels, 'locale' | Times> & Partial<Pick<Labels, Times>>

/** Some labels; what is left out stays English. */
export type SomeLabels = Partial<Omit<Labels, 'reasons'>> & { readonly reasons?: Partial<Labels['reasons']> }

/** Labels in the language of `locale`, a tag of BCP 47 such as `de-CH`; throws a `RangeError` if it is none. */
export const createLabels = (locale: string, words: Words): Labels => ({ ...timesIn(locale), ...words, locale })

/** Without what is there and says nothing, as of a translation that is not loaded yet. */
const said = <T extends object>(some: T): T =>
  Object.fromEntries(Object.entries(some).filter(([, label]) => label !== undefined)) as T

/** The labels given, and the English ones for the rest; whose language it is is told by the labels given alone. */
export function fillLabels(given: SomeLabels = LABELS): Labels {
  const { locale = '' } = given
  const reasons = { ...LABELS.reasons, ...said(given.reasons ?? {}) }
  return { ...LABELS, ...(locale && timesIn(locale)), ...said(given), locale, reasons }
}

/** The English labels. */
export const LABELS: Labels = /* @__PURE__ */ createLabels('en', {
  warningTitle: 'You’re about to be signed out',
  warningIdle: 'For your security, we sign you out when you have not been active for a while.',
  warningLimit: 'This session has reached its longest time and can not be extended. Sign in again to go on.',
  warningToken: 'The server can not be reached, and without it your session can not go on. We keep trying.',
  timeLeft: (time) => `You will be signed out in ${time}.`,
  titleLeft: (time) => `Signing out in ${time}`,
  stay: 'Stay signed in',
  staying: 'One moment …',
  stayFailed: 'The server can not be reached right now. We keep trying until the time is up.',
  signOut: 'Sign out',
  signInAgain: 'Sign in again',
  notNow: 'Not now',
  willBeLost: 'What you have not saved will be lost.',
  willBeKept: 'What you have not saved will be kept for when you sign in again.',
  timeLimit: (time) => `If you are not active for ${time}, you will be signed out.`,
  timeLimitWarning: (time) => `We warn you ${time} before that.`,

  signInTitle: 'Sign in',
  username: 'User name',
  password: 'Password',
  showPassword: 'Show password',
  signIn: 'Sign in',
  signingIn: 'Signing in …',
  forgotPassword: 'Forgotten your password?',
  reasons: {
    user: 'You have signed out.',
    idle: 'You were signed out because you had not been active for a while.',
    expired: 'You were signed out because your session expired.',
    limit: 'You were signed out because your session had reached its longest time.',
    refused: 'You were signed out because the server no longer accepted your session.',
    replaced: 'You were signed out because someone signed in again.',
  },
  signedOutElsewhere: 'You have signed out in another tab.',
  wasLost: 'What you had not saved was lost.',
  wasKept: 'What you had not saved has been kept.',
  wrong: 'The user name or the password is not right.',
  missing: 'Enter your user name and your password.',
  unreachable: 'The server can not be reached right now. Try again in a moment.',
  malformed: 'That did not work. Try again, and tell your administrator if it happens again.',
  throttled: (time) => `Too many attempts. You can try again in ${time}.`,
  wait: (time) => `Wait ${time}`,

  newPasswordTitle: 'Choose a new password',
  pinHint: 'We send a one-time PIN to the phone that belongs to your account.',
  sendPin: 'Send me a PIN',
  oneMoment: 'One moment …',
  pinSent: (username) => `If there is an account for ${username}, a one-time PIN is on its way to its phone.`,
  anotherPinSent: (username) => `Another PIN is on its way to the phone of ${username}, if there is such an account.`,
  pin: 'One-time PIN',
  newPassword: 'New password',
  changePassword: 'Change password',
  sendAnotherPin: 'Send another PIN',
  backToSignIn: 'Back to signing in',
  usernameMissing: 'Enter your user name.',
  usernameWrong: 'This user name can not be used here.',
  pinMissing: 'Enter the PIN and a new password.',
  pinWrong: 'The PIN is wrong or too old, or the new password is not strong enough.',
  passwordChanged: 'Your password has been changed. Sign in with the new one.',

  kept: (username) => `What you were doing here is kept for ${username}. It is discarded if somebody else signs in.`,
  notYou: 'Not you? Discard it',
})
