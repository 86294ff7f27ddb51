// jsdom has no fetch of its own, and the mock backend needs what belongs to it.
import { TestEnvironment } from 'jest-environment-jsdom'

export default class PageWithFetch extends TestEnvironment {
  async setup() {
    await super.setup()
    Object.assign(this.global, { fetch, Request, Response, Headers })
    Object.assign(this.global, { TextEncoder, TextDecoder, Uint8Array, ReadableStream, structuredClone })
    Object.defineProperty(this.global, 'crypto', { value: crypto, configurable: true })
  }
}
