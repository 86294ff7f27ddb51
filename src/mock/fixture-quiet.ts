import { afterEach, beforeEach, expect, vi } from 'vitest'

/** Makes each test of a file fail after which the mock has answered 500, whose cause it writes to the console. */
export function expectNoAccidents() {
  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
  })
  afterEach(() => {
    const told = vi.mocked(console.error).mock.calls.map((call) => call.map(String).join(' '))
    vi.restoreAllMocks()
    expect(told).toEqual([])
  })
}
