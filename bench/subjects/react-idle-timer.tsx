import { IdleTimerProvider, useIdleTimer } from 'react-idle-timer'
import { renderIdleApp } from './_idle-app.tsx'
import { TIMES } from './_idle-warning.tsx'
import { createMounting } from './_mounting.tsx'
import { render } from './_page.tsx'

function Page() {
  useIdleTimer(TIMES)
  return <p>Here</p>
}

export const activity = (): void => render(<Page />)

export const wake = (): void => renderIdleApp()
export const countdown = wake
export const memory = wake

export const mount = createMounting((rows) => <IdleTimerProvider {...TIMES}>{rows}</IdleTimerProvider>)
