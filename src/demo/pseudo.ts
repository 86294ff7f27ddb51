import { LABELS, type Labels } from '../react/index.ts'

const BARE = 'aeiouyAEIOUYcnsCNS'
const ACCENTED = 'áéîöûýÅÉÎÖÛÝçñšÇÑŠ'

const RIGHT_TO_LEFT_OVERRIDE = '\u202e'
const POP = '\u202c'

/** The English words with accents, in brackets and a third longer: what is not so has not come from the labels, or does not fit. */
export const accented = (text: string): string => {
  const letters = text.replace(/[a-z]/gi, (letter) => ACCENTED[BARE.indexOf(letter)] ?? letter)
  return `[${letters} ${'·'.repeat(Math.ceil(text.length / 3))}]`
}

/** The English words, each written from right to left; numbers and what stands between is left to the page's direction. */
export const mirrored = (text: string): string =>
  text.replace(/\p{L}[\p{L}’-]*/gu, (word) => RIGHT_TO_LEFT_OVERRIDE + word + POP)

/** The English labels, changed word by word: a language that nobody speaks, to see what a real one would do. */
export function pseudo(locale: string, change: (text: string) => string): Labels {
  const changed = (label: unknown): unknown => {
    if (typeof label === 'string') return change(label)
    if (typeof label === 'function') return (given: string) => change(label(given))
    return Object.fromEntries(Object.entries(label as object).map(([key, inner]) => [key, changed(inner)]))
  }
  // A length of time comes as part of a sentence, and would be changed twice.
  return { ...(changed(LABELS) as Labels), time: LABELS.time, locale }
}
