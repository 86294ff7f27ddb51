type Wait = () => Promise<void>
type Hidden = { getBuiltinModule?: (name: string) => { setImmediate?: typeof setImmediate } }

/** Test frameworks mark the timers that they put in place of real ones. */
const isReal = (timer: object | undefined): boolean => !!timer && !('clock' in timer) && !('_isMockFunction' in timer)

const byTimer =
  (timer: (work: () => void) => unknown): Wait =>
  () =>
    new Promise((resolve) => void timer(resolve))

function byChannel(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => {
      // An open port keeps Node alive.
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}

// Where nothing but promises is real, so many of them stand for a turn.
async function byPromises(): Promise<void> {
  for (let left = 100; left; left--) await undefined
}

/** Node's own, which a pretend page in Node hides: its `setTimeout` takes a millisecond each time. */
const ofNode = (): typeof setImmediate | undefined =>
  (globalThis as { process?: Hidden }).process?.getBuiltinModule?.('node:timers')?.setImmediate

function find(): Wait {
  const { setTimeout, MessageChannel } = globalThis
  const setImmediate = [globalThis.setImmediate, ofNode()].find(isReal)
  if (setImmediate) return byTimer(setImmediate)
  if (isReal(MessageChannel)) return byChannel
  return isReal(setTimeout) ? byTimer(setTimeout) : byPromises
}

/** Lets the event loop turn once. Found at import, so that a test's fake timers do not stop the world; ones that are there before do not either. */
export const turn: Wait = find()
