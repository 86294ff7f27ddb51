// What the blocks of the documents may use without importing it. Types are named by `import()`, so that this file stays a script.

/** The session that a page made once, and exports to the rest of the app. */
declare const session: import('stillhere').Session
/** The auth system of that session. */
declare const backend: import('stillhere').Backend
/** The host's own app. */
declare function App(): import('react').JSX.Element
/** Any element of the page. */
declare const element: HTMLElement
