// setTimeout keeps its delay in 32 bits; a longer one fires at once.
const LONGEST = 2_147_483_647

/**
 * Calls once at a moment (epoch ms), or as soon as the browser lets a timer run after it. Returns cancel. The delay is
 * counted, not the clock: one that is set back meanwhile makes it early, and whoever is woken looks at the clock anyway.
 */
export function wakeAt(time: number, wake: () => void): () => void {
  let left = time - Date.now()
  let timer: ReturnType<typeof setTimeout>
  const wait = () => {
    const part = Math.min(Math.max(0, left), LONGEST)
    left -= part
    timer = setTimeout(() => (left > 0 ? wait() : wake()), part)
  }
  wait()
  return () => clearTimeout(timer)
}
