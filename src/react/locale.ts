const RTL_SCRIPTS = /^(Adlm|Arab|Hebr|Mand|Mend|Nkoo|Rohg|Samr|Syrc|Thaa)$/

/**
 * A length of time in the words of a language (`Intl`, ECMA-402), or in their abbreviations: minutes, rounded up, above a
 * minute, and seconds below.
 */
export function timeIn(locale: string, unitDisplay: 'long' | 'short' = 'long'): (seconds: number) => string {
  if (!localeOf(locale)) {
    throw new RangeError(`labels: "${locale}" is not a language tag. Write one of BCP 47, such as "de" or "pt-BR".`)
  }
  const write = (unit: 'minute' | 'second', count: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay }).format(count)
  return (seconds) => (seconds > 60 ? write('minute', Math.ceil(seconds / 60)) : write('second', seconds))
}

/** What reads from right to left, or turns what follows that way: by blocks, as engines know scripts but no Bidi_Class. */
const RTL = /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** A sentence with a name in it, which is isolated (UAX #9, FSI and PDI) where one of the two reads from right to left. */
export function withName(say: (name: string) => string, name: string): string {
  const text = say(name)
  return RTL.test(text) ? say(`\u2068${name}\u2069`) : text
}

/** `lang` and `dir` for words in `locale` on a page in `page`: none where language and script are the page's own. WCAG 3.1.2. */
export function languageOn(page: string, locale: string): { lang?: string; dir?: 'ltr' | 'rtl' } {
  const own = localeOf(locale)
  const around = localeOf(page)
  if (!own || (own.language === around?.language && own.script === around.script)) return {}
  return { lang: locale, dir: RTL_SCRIPTS.test(own.script ?? '') ? 'rtl' : 'ltr' }
}

function localeOf(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(tag).maximize()
  } catch {
    return null
  }
}
