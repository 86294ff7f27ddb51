export type { LineId } from './catalogue.ts'
export { checkBackend } from './check.ts'
export { formatReport } from './format.ts'
export type { CheckOptions, Line, Outcome, Report, Subject } from './types.ts'
