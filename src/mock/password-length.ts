import * as v from 'valibot'

/** The longest password in characters, which are code points (NIST SP 800-63B-4 §3.1.1.2): it is the same wherever one is set or typed. */
export const MAX_PASSWORD = 1024

/** How many code points a text has. */
export const characters = (text: string): number => [...text].length

/** Refuses a password over MAX_PASSWORD with a message. */
export const isNotTooLong = (message: string) =>
  v.check<string, string>((password) => characters(password) <= MAX_PASSWORD, message)
