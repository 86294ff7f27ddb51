/** Epoch ms of a text of ISO 8601, `NaN` for another: microseconds are cut to ms, all that every engine is bound to read. */
export const parseIso = (text: string): number => Date.parse(text.replace(/(\.\d{3})\d+/, '$1'))
