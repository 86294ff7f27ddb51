import { useIdleTimer } from 'react-idle-timer'
import { render } from './_page.tsx'

function Page() {
  useIdleTimer({ timeout: 30 * 60_000, promptBeforeIdle: 2 * 60_000, crossTab: true, syncTimers: 200 })
  return <p>Here</p>
}

export const activity = (): void => render(<Page />)
