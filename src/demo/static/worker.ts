import { openPretendServer } from './pretend.ts'
import { serveOver } from './wire.ts'

const server = openPretendServer()

addEventListener('connect', async (event) => {
  const [port] = (event as MessageEvent).ports
  const { answer, keeps } = await server
  serveOver(port!, answer)
  // It tells the page that it runs: an address that is blocked can be silent.
  port!.postMessage({ keeps })
})
