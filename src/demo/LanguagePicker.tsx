import { LANGUAGES, type LanguageId } from './languages.ts'
import { addressOf, languageId } from './session.ts'

/** Whose words Stillhere uses: the rest of the demo stays English. */
export function LanguagePicker() {
  return (
    <div className="picker">
      <label htmlFor="language">Language of Stillhere</label>
      <select
        id="language"
        value={languageId}
        onChange={(event) => location.assign(addressOf({ lang: event.target.value as LanguageId }))}
      >
        {Object.entries(LANGUAGES).map(([id, { name }]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}
