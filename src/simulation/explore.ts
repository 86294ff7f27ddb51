import * as fc from 'fast-check'
import { anyHistory, diligentHistory, type History } from './history.ts'
import { type Outcome, run } from './run.ts'

/** Every so many-th history is one of a person who is never away for long. */
const DILIGENT = 6

/** The history of a seed: the same on every machine. */
export function historyOf(seed: number): { readonly history: History; readonly isDiligent: boolean } {
  const isDiligent = seed % DILIGENT === 0
  const [history] = fc.sample(isDiligent ? diligentHistory() : anyHistory(), { seed, numRuns: 1 })
  return { history: history!, isDiligent }
}

export const play = (seed: number): Promise<Outcome> => {
  const { history, isDiligent } = historyOf(seed)
  return run(history, { isDiligent })
}

/** The shortest history found that breaks the same invariant: steps are left out as long as it still does. */
export async function shrink(seed: number, patience = 400): Promise<{ history: History; outcome: Outcome }> {
  const { history, isDiligent } = historyOf(seed)
  let best = history
  let outcome = await run(best, { isDiligent })
  const invariant = outcome.violation?.invariant
  let left = patience

  async function improves(candidate: History): Promise<boolean> {
    if (left-- <= 0) return false
    const tried = await run(candidate, { isDiligent })
    if (!tried.violation || tried.violation.invariant !== invariant) return false
    best = candidate
    outcome = tried
    return true
  }

  for (let size = Math.ceil(best.steps.length / 2); size >= 1 && left > 0; ) {
    let hasImproved = false
    for (let from = 0; from < best.steps.length && left > 0; ) {
      const steps = [...best.steps.slice(0, from), ...best.steps.slice(from + size)]
      if (await improves({ ...best, steps })) hasImproved = true
      else from += size
    }
    if (!hasImproved || size > 1) size = size === 1 ? 0 : Math.ceil(size / 2)
  }
  return { history: best, outcome }
}
