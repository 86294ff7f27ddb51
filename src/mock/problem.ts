import type { ContentfulStatusCode } from 'hono/utils/http-status'

type Details = { field?: string; headers?: Record<string, string> }

/** A refusal on its way to the client: each system words it in its own shape, status and headers stay. */
export class Problem extends Error {
  override name = 'Problem'
  status: ContentfulStatusCode
  field: string | undefined
  headers: Record<string, string>

  constructor(status: ContentfulStatusCode, message: string, { field, headers = {} }: Details = {}) {
    super(message)
    this.status = status
    this.field = field
    this.headers = headers
  }

  /** The refusal as plain JSON: `{status, detail}`, and `field` where one is to blame. */
  toJSON() {
    return { status: this.status, detail: this.message, ...(this.field === undefined ? {} : { field: this.field }) }
  }
}
