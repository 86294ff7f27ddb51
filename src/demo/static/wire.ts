/** A request on its way through a port. */
interface Asked {
  readonly id: number
  readonly url: string
  readonly method: string
  readonly headers: [string, string][]
  readonly body: string | ArrayBuffer
}

/** What came of it: an answer or, where the connection was dropped, none. */
interface Answered {
  readonly id: number
  readonly answer: {
    readonly status: number
    readonly statusText: string
    readonly headers: [string, string][]
    readonly body: ArrayBuffer
  } | null
}

/** To its control endpoint the pretend server is on this machine, wherever the page came from. */
const HERE = 'http://localhost'

/** Answers what comes through a port. */
export function serveOver(port: MessagePort, answer: (request: Request) => Promise<Response>): void {
  port.onmessage = async ({ data }: MessageEvent<Asked>) => {
    const { id, url, method, headers, body } = data
    const { pathname, search } = new URL(url)
    const isEmpty = typeof body === 'string' ? !body : !body.byteLength
    try {
      const request = new Request(HERE + pathname + search, { method, headers, ...(!isEmpty && { body }) })
      const response = await answer(request)
      const { status, statusText } = response
      const whole = { status, statusText, headers: [...response.headers], body: await response.arrayBuffer() }
      port.postMessage({ id, answer: whole } satisfies Answered, [whole.body])
    } catch {
      port.postMessage({ id, answer: null } satisfies Answered)
    }
  }
}

/** Fetch Standard § 2.2.3: with these there is no body. */
const hasNoBody = (status: number) => [101, 204, 205, 304].includes(status)

/** `fetch` from whoever serves the other end of a port; rejects as the browser's own does, and what was begun there goes on. */
export function fetchOver(port: MessagePort): typeof fetch {
  const waiting = new Map<number, (answer: Answered['answer']) => void>()
  let count = 0
  port.onmessage = ({ data }: MessageEvent<Answered>) => {
    waiting.get(data.id)?.(data.answer)
    waiting.delete(data.id)
  }

  return async (input, init) => {
    const request = new Request(input, init)
    const { url, method, signal } = request
    const id = ++count
    // What a closing page sends must be out before it waits for anything.
    const body = typeof init?.body === 'string' ? init.body : await request.arrayBuffer()
    signal.throwIfAborted()
    const answer = await new Promise<Answered['answer']>((resolve, reject) => {
      waiting.set(id, resolve)
      signal.addEventListener('abort', () => {
        waiting.delete(id)
        reject(signal.reason)
      })
      port.postMessage({ id, url, method, headers: [...request.headers], body } satisfies Asked)
    })
    if (!answer) throw new TypeError('Failed to fetch')
    return new Response(hasNoBody(answer.status) ? null : answer.body, answer)
  }
}
