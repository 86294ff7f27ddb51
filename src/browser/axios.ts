import type { Authorization } from '../core/types.ts'
import type { Authorize } from './authorize.ts'

interface Outgoing {
  readonly data?: unknown
  readonly headers: { concat(headers: object): unknown }
  readonly fetchOptions?: object
}

interface Answered {
  readonly status: number
  readonly headers: { get(name: string): unknown }
  config: unknown
}

interface Failure {
  readonly code?: string
  readonly response?: Answered
  config?: unknown
}

interface Outcome {
  readonly answer?: Answered | undefined
  readonly error?: Failure
}

/** The part of an axios instance that `attachAxios` needs. */
export interface AxiosLike {
  readonly defaults: { adapter?: unknown }
  /** Makes another instance, with the same defaults. */
  create(config?: object): AxiosBare
}

/** The part of the instance that it makes which `attachAxios` needs. */
export interface AxiosBare {
  /** Sends a request. */
  request(config: object): Promise<unknown>
  /** The address that a request goes to. */
  getUri(config?: object): string
}

/**
 * Sends an axios instance's requests with the session's token, as `session.fetch` does: to the system's own origin and those
 * in `origins`, with one more try after a token has been refused. Returns the way out. For axios 1.2 and later.
 */
export function attachAxios(instance: AxiosLike, { authorize }: { readonly authorize: Authorize }): () => void {
  if (typeof instance?.create !== 'function')
    throw new TypeError(
      'attachAxios needs an axios instance, and then the session: attachAxios(axios.create(), session)',
    )
  const { defaults } = instance
  const inner = defaults.adapter
  // Its own interceptors and transforms are done when the adapter is called: a second try must not run them again.
  const bare = instance.create({ baseURL: '', transformRequest: [], transformResponse: [] })
  let isOn = true

  async function adapter(config: Outgoing): Promise<unknown> {
    const first = isOn ? await authorize(bare.getUri(config)) : null
    const outcome = await send(config, first)
    const { answer } = outcome
    const isRefused = answer && first?.isRefusedBy({ status: answer.status, headers: readable(answer) })
    if (!first || !isRefused || isSpent(config.data)) return settle(outcome, config)
    const second = await first.renew().then(
      (next) => send(config, next),
      () => null,
    )
    // Without an answer to the second try the first one stands, unless nobody wants any.
    const counts = second && (second.answer || second.error?.code === 'ERR_CANCELED')
    return settle(counts ? second : outcome, config)
  }

  function send(config: Outgoing, authorization: Authorization | null): Promise<Outcome> {
    const { headers = {}, mayRedirect = true } = authorization ?? {}
    const request = {
      ...config,
      adapter: inner,
      headers: config.headers.concat(headers),
      transformRequest: [],
      transformResponse: [],
      // XMLHttpRequest follows redirects, whoever forbids it.
      ...(!mayRedirect && {
        adapter: typeof inner === 'function' ? inner : 'fetch',
        fetchOptions: { ...config.fetchOptions, redirect: 'error' },
      }),
    }
    return bare.request(request).then(
      (response) => ({ answer: response as Answered }),
      (error: Failure) => ({ answer: error?.response, error }),
    )
  }

  defaults.adapter = adapter
  return () => {
    isOn = false
    if (defaults.adapter === adapter) defaults.adapter = inner
  }
}

/** Gives axios what came, as the answer to the request that it knows of. */
function settle({ answer, error }: Outcome, config: Outgoing): unknown {
  if (answer) answer.config = config
  if (!error) return answer
  if (error.config) error.config = config
  throw error
}

const readable = ({ headers }: Answered) => ({ get: (name: string) => (headers.get(name) ?? null) as string | null })

/** Whether a body can be sent but once: a stream of the web's or of Node's. */
const isSpent = (data: unknown): boolean =>
  data instanceof ReadableStream || typeof (data as { pipe?: unknown } | null)?.pipe === 'function'
