import { system } from './session.ts'

/** Whose console this is. */
export const Brand = () => (
  <p className="brand">
    <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <circle className="round" cx="16" cy="16" r="13" />
      <circle cx="16" cy="16" r="5" />
    </svg>
    {system.desk}
  </p>
)
