import { hex, randomBytes } from './bytes.ts'
import { jsonRefusal, type Problem } from './problem.ts'

// The document has USR002 alone; the others are in its style.
const codes: Readonly<Record<number, string>> = {
  400: 'REQ001',
  401: 'AUT001',
  403: 'AUT002',
  404: 'REQ004',
  405: 'REQ005',
  413: 'REQ013',
  429: 'REQ029',
}

/** A refusal as Eclipse words it: an array of one error with a trace. */
export function eclipseRefusal(problem: Problem): Response {
  const failed = problem.status >= 500
  const error = {
    type: failed ? 'SYSTEM' : 'BUSINESS',
    severity: failed ? 'HIGH' : 'LOW',
    description: problem.field === undefined ? problem.message : `${problem.field}: ${problem.message}`,
    code: problem.code ?? codes[problem.status] ?? `SYS${problem.status}`,
    traceId: hex(randomBytes(16)),
    spanId: hex(randomBytes(8)),
    environment: 'stillhere-mock',
  }
  return jsonRefusal(problem, [error])
}
