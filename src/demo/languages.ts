import { LABELS, LABELS_DE, type Labels } from '../react/index.ts'
import { accented, mirrored, pseudo } from './pseudo.ts'

export interface Language {
  readonly name: string
  readonly labels: Labels
  readonly dir?: 'rtl'
}

/** What `?lang=` may name. */
export const LANGUAGES = {
  en: { name: 'English', labels: LABELS },
  de: { name: 'Deutsch', labels: LABELS_DE },
  'en-XA': { name: 'Pseudo: accented, longer', labels: pseudo('en-XA', accented) },
  'ar-XB': { name: 'Pseudo: right to left', labels: pseudo('ar-XB', mirrored), dir: 'rtl' },
} satisfies Record<string, Language>

export type LanguageId = keyof typeof LANGUAGES

/** Whether there is such a language here. */
export const isLanguage = (id: string | null): id is LanguageId => id !== null && Object.hasOwn(LANGUAGES, id)
