import { jsonRefusal, type Problem } from './problem.ts'

// Go's http.StatusText.
const messages: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** A refusal as datarhei Core words it: code, message and details; it sends no WWW-Authenticate. */
export function datarheiRefusal(problem: Problem): Response {
  return jsonRefusal(problem, {
    code: problem.status,
    message: messages[problem.status] ?? `Status ${problem.status}`,
    details: [problem.field === undefined ? problem.message : `${problem.field}: ${problem.message}`],
  })
}
