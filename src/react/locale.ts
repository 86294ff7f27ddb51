const RTL_SCRIPTS = /^(Adlm|Arab|Hebr|Mand|Mend|Nkoo|Rohg|Samr|Syrc|Thaa)$/

/** A length of time in the words of a language (`Intl`, ECMA-402): minutes, rounded up, above a minute, and seconds below. */
export function timeIn(locale: string): (seconds: number) => string {
  if (!localeOf(locale)) {
    throw new RangeError(`labels: "${locale}" is not a language tag. Write one of BCP 47, such as "de" or "pt-BR".`)
  }
  const write = (unit: 'minute' | 'second', count: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
  return (seconds) => (seconds > 60 ? write('minute', Math.ceil(seconds / 60)) : write('second', seconds))
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
