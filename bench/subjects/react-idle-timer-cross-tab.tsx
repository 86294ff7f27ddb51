import { useIdleTimer } from 'react-idle-timer'
import { renderIdleApp } from './_idle-app.tsx'
import { TIMES } from './_idle-warning.tsx'
import { render } from './_page.tsx'

const CROSS_TAB = { crossTab: true, syncTimers: 200 }

function Page() {
  useIdleTimer({ ...TIMES, ...CROSS_TAB })
  return <p>Here</p>
}

export const activity = (): void => render(<Page />)
export const wake = (): void => renderIdleApp(CROSS_TAB)
