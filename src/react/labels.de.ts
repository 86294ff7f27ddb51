import { createLabels, type Labels } from './labels.ts'

/** The German labels. */
export const LABELS_DE: Labels = /* @__PURE__ */ createLabels('de', {
  warningTitle: 'Sie werden gleich abgemeldet',
  warningIdle: 'Zu Ihrer Sicherheit melden wir Sie ab, wenn Sie eine Weile nicht aktiv waren.',
  warningLimit:
    'Diese Sitzung hat ihre Höchstdauer erreicht und lässt sich nicht verlängern. Melden Sie sich neu an, um weiterzuarbeiten.',
  warningToken:
    'Der Server ist nicht erreichbar, und ohne ihn kann Ihre Sitzung nicht weitergehen. Wir versuchen es weiter.',
  timeLeft: (time) => `Sie werden in ${time} abgemeldet.`,
  titleLeft: (time) => `Abmeldung in ${time}`,
  stay: 'Angemeldet bleiben',
  staying: 'Einen Moment …',
  stayFailed: 'Der Server ist gerade nicht erreichbar. Wir versuchen es weiter, bis die Zeit abgelaufen ist.',
  signOut: 'Abmelden',
  signInAgain: 'Neu anmelden',
  notNow: 'Jetzt nicht',
  willBeLost: 'Was Sie nicht gespeichert haben, geht verloren.',
  willBeKept: 'Was Sie nicht gespeichert haben, bleibt erhalten, bis Sie sich wieder anmelden.',
  timeLimit: (time) => `Wenn Sie ${time} lang nicht aktiv sind, werden Sie abgemeldet.`,
  timeLimitWarning: (time) => `Wir kündigen es an, wenn noch ${time} bleiben.`,

  signInTitle: 'Anmelden',
  username: 'Benutzername',
  password: 'Passwort',
  showPassword: 'Passwort anzeigen',
  signIn: 'Anmelden',
  signingIn: 'Anmeldung läuft …',
  forgotPassword: 'Passwort vergessen?',
  reasons: {
    user: 'Sie haben sich abgemeldet.',
    idle: 'Sie wurden abgemeldet, weil Sie eine Weile nicht aktiv waren.',
    expired: 'Sie wurden abgemeldet, weil Ihre Sitzung abgelaufen ist.',
    limit: 'Sie wurden abgemeldet, weil Ihre Sitzung ihre Höchstdauer erreicht hatte.',
    refused: 'Sie wurden abgemeldet, weil der Server Ihre Sitzung nicht mehr anerkannt hat.',
    replaced: 'Sie wurden abgemeldet, weil sich jemand neu angemeldet hat.',
  },
  signedOutElsewhere: 'Sie haben sich in einem anderen Tab abgemeldet.',
  wasLost: 'Was Sie nicht gespeichert hatten, ist verloren gegangen.',
  wasKept: 'Was Sie nicht gespeichert hatten, ist erhalten geblieben.',
  wrong: 'Der Benutzername oder das Passwort stimmt nicht.',
  missing: 'Geben Sie Ihren Benutzernamen und Ihr Passwort ein.',
  unreachable: 'Der Server ist gerade nicht erreichbar. Versuchen Sie es gleich noch einmal.',
  malformed:
    'Das hat nicht geklappt. Versuchen Sie es noch einmal, und wenden Sie sich an Ihre Administration, falls es wieder geschieht.',
  throttled: (time) => `Zu viele Versuche. In ${time} können Sie es noch einmal versuchen.`,
  wait: (time) => `Noch ${time}`,

  newPasswordTitle: 'Neues Passwort wählen',
  pinHint: 'Wir senden eine Einmal-PIN an das Telefon, das zu Ihrem Konto gehört.',
  sendPin: 'PIN senden',
  oneMoment: 'Einen Moment …',
  pinSent: (username) =>
    `Falls es ein Konto für ${username} gibt, ist eine Einmal-PIN an das zugehörige Telefon unterwegs.`,
  anotherPinSent: (username) =>
    `Eine weitere PIN ist an das Telefon von ${username} unterwegs, falls es ein solches Konto gibt.`,
  pin: 'Einmal-PIN',
  newPassword: 'Neues Passwort',
  changePassword: 'Passwort ändern',
  sendAnotherPin: 'Neue PIN senden',
  backToSignIn: 'Zurück zur Anmeldung',
  usernameMissing: 'Geben Sie Ihren Benutzernamen ein.',
  usernameWrong: 'Dieser Benutzername kann hier nicht verwendet werden.',
  pinMissing: 'Geben Sie die PIN und ein neues Passwort ein.',
  pinWrong: 'Die PIN ist falsch oder zu alt, oder das neue Passwort ist nicht sicher genug.',
  passwordChanged: 'Ihr Passwort wurde geändert. Melden Sie sich mit dem neuen an.',

  kept: (username) =>
    `Was Sie hier getan haben, bleibt für ${username} erhalten. Meldet sich jemand anderes an, wird es verworfen.`,
  notYou: 'Das sind nicht Sie? Verwerfen',
})
