import '../../react/styles.css'
import '../demo.css'
import { takeTheNetworksPlace } from '../server.ts'
import { startServer } from './start.ts'

function show(text: string, role: 'alert' | 'status'): void {
  const line = document.createElement('p')
  Object.assign(line, { className: 'checking', textContent: text, role })
  document.getElementById('root')!.replaceChildren(line)
}

show('Starting the pretend server …', 'status')
startServer()
  .then(({ fetch, shared, keeps }) => {
    takeTheNetworksPlace(fetch, { shared, keeps })
    return import('../main.tsx')
  })
  .catch((error: Error) => show(`The demo does not start here: ${error.message}`, 'alert'))
