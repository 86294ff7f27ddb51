import { Server } from '../server.ts'
import { test as base, expect } from '../world.ts'
import type { Engine, Tab } from './engine.ts'
import { startFirefox } from './firefox.ts'
import { type EngineName, missing } from './programs.mjs'
import { startWebKitGtk } from './webkitgtk.ts'

const START = { firefox: startFirefox, webkitgtk: startWebKitGtk }

/** Each test has a browser of its own, and is skipped where that is not on this machine. */
export const test = base.extend<{ engineName: EngineName; engine: Engine; backend: Server }>({
  engineName: ['firefox', { option: true }],
  engine: async ({ engineName }, use) => {
    const lacking = missing(engineName)
    test.skip(lacking.length > 0, `no ${lacking.join(', no ')} on this machine`)
    const engine = await START[engineName]()
    await use(engine)
    await engine.close()
  },
  backend: async ({ server }, use) => {
    const backend = new Server(server)
    await backend.control('reset', {})
    await use(backend)
  },
})

/** The page shows this text, sooner or later. */
export const says = (tab: Tab, text: string) =>
  expect.poll(() => tab.evaluate<string>('document.body.innerText')).toContain(text)
