import { LOOKS, scan, wear } from './looks.ts'
import { reach, STATES } from './states.ts'
import { expect, S, test } from './world.ts'

// Eight scans of a page take their time.
test.setTimeout(120 * S)

for (const state of STATES) {
  test(`axe finds nothing, light and dark, in forced colours, with less motion or more contrast: ${state.name}`, async ({
    world,
  }) => {
    const page = await reach(world, state)
    await world.context.clock.resume()
    for (const [look, media] of LOOKS) {
      await wear(page, media)
      expect(await scan(page), look).toEqual([])
    }
  })
}
