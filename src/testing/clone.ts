/** A copy that shares nothing, as it crosses from tab to tab; by way of JSON where a page of tests lacks `structuredClone`. */
export const clone = <T>(value: T): T =>
  typeof structuredClone === 'function'
    ? structuredClone(value)
    : value === undefined
      ? value
      : (JSON.parse(JSON.stringify(value)) as T)
