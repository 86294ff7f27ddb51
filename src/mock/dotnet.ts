import { hex, randomBytes } from './bytes.ts'
import { jsonRefusal, type Problem } from './problem.ts'

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** A refusal as ASP.NET Core words it: problem details (RFC 9457) with a W3C trace id. */
export function problemDetails(problem: Problem): Response {
  const body = {
    type: 'about:blank',
    title: titles[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    ...(problem.field === undefined ? {} : { errors: { [problem.field]: [problem.message] } }),
    traceId: `00-${hex(randomBytes(16))}-${hex(randomBytes(8))}-00`,
  }
  return jsonRefusal(problem, body, 'application/problem+json')
}
