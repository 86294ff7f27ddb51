import type { ContentfulStatusCode } from 'hono/utils/http-status'

type Details = { field?: string; code?: string; headers?: Record<string, string> }

/** A refusal on its way to the client: each system words it in its own shape, status and headers stay. */
export class Problem extends Error {
  override name = 'Problem'
  status: ContentfulStatusCode
  field: string | undefined
  /** The system's own code for it, where it has codes. */
  code: string | undefined
  headers: Record<string, string>

  constructor(status: ContentfulStatusCode, message: string, { field, code, headers = {} }: Details = {}) {
    super(message)
    this.status = status
    this.field = field
    this.code = code
    this.headers = headers
  }

  /** The refusal as plain JSON: `{status, detail}`, and `field` where one is to blame. */
  toJSON() {
    return { status: this.status, detail: this.message, ...(this.field === undefined ? {} : { field: this.field }) }
  }
}

/** The refusal of a path where nothing is. */
export const nothingHere = () => new Problem(404, 'There is nothing here.')

/** Any error as a Problem; what is none is logged and becomes a 500 that tells nothing. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  console.error(error)
  return new Problem(500, 'The mock backend failed.')
}

/** A refusal as JSON, by default in the words of `toJSON`. */
export const jsonRefusal = (problem: Problem, body: unknown = problem, contentType = 'application/json') =>
  new Response(JSON.stringify(body), {
    status: problem.status,
    headers: { ...problem.headers, 'Content-Type': contentType },
  })
