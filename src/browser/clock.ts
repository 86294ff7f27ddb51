// setTimeout keeps its delay in 32 bits; a longer one fires at once.
const LONGEST = 2_147_483_647

/** Calls once at a moment (epoch ms), or as soon as the browser lets a timer run after it. Returns cancel. */
export function wakeAt(time: number, wake: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>
  const look = () => {
    const left = time - Date.now()
    if (left <= 0) wake()
    else timer = setTimeout(look, Math.min(left, LONGEST))
  }
  timer = setTimeout(look, Math.max(0, Math.min(time - Date.now(), LONGEST)))
  return () => clearTimeout(timer)
}
