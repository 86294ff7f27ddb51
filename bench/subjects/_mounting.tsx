import type { ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { Rows } from './_host.tsx'

/** In which what a mount has begun is over, so that the next one does not pay for it: ms. */
const REST = 5

/** Mounts a page of 200 rows in something, so many times: ms until it is in the document and its effects have run. */
export const createMounting =
  (wrap: (rows: ReactNode) => ReactNode) =>
  async (times: number): Promise<number[]> => {
    const costs: number[] = []
    while (costs.length < times) {
      const place = document.createElement('div')
      document.body.append(place)
      const root = createRoot(place)
      const start = performance.now()
      flushSync(() => root.render(wrap(<Rows />)))
      costs.push(performance.now() - start)
      if (!place.querySelector('#rows')) throw new Error('The rows are not there')
      await new Promise((resolve) => setTimeout(resolve, REST))
      root.unmount()
      place.remove()
    }
    return costs
  }
