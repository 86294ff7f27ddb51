import { getOptions, goTo } from './address.ts'
import { LANGUAGES, type LanguageId } from './languages.ts'

/** Whose words Stillhere uses: the rest of the demo stays English. */
export function LanguagePicker() {
  return (
    <div className="picker">
      <label htmlFor="language">Language of Stillhere</label>
      <select
        id="language"
        value={getOptions().lang}
        onChange={(event) => goTo({ lang: event.target.value as LanguageId })}
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
