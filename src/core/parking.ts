import { SessionOverError } from './errors.ts'
import type { SessionCore } from './session.ts'
import type { Parking, Parks } from './types.ts'

/** 5 min, in ms: who comes back later finds old questions answered better by asking anew. */
const PATIENCE = 300_000
const PLACES = 100
const TOO_LATE = 'nobody came for 5 minutes.'

interface Place {
  /** Sends it; `false` if it met an end again. */
  go(): Promise<boolean>
  /** It is not sent any more. */
  fail(error: unknown): void
  /** Epoch ms. */
  readonly until: number
  cancel(): void
}

/** Requests that meet the end of this person's session wait for them to come back, until the returned function is called. */
export function parkRequests(session: SessionCore & Partial<Parks>, owner: string): () => void {
  const { parking } = session
  // A session without a `fetch` has no requests to park.
  if (!parking) return () => {}
  if (parking.current?.owner !== owner) {
    parking.current?.close()
    const mine = createParking(session, owner, () => {
      if (parking.current === mine) parking.current = null
    })
    parking.current = mine
  }
  return parking.current.hold()
}

/** Requests wait in the order in which they came, and go out in it. */
function createParking(
  { getState, subscribe, now, wakeAt }: SessionCore,
  owner: string,
  onClosed: () => void,
): Parking {
  let places: readonly Place[] = []
  let isSending = false
  let holders = 0

  function leave(place: Place): boolean {
    place.cancel()
    const isHere = places.includes(place)
    places = places.filter((other) => other !== place)
    return isHere
  }

  function refuse(place: Place, why: string): void {
    if (leave(place)) place.fail(new SessionOverError(why))
  }

  function refuseAll(why: string): void {
    for (const place of places) refuse(place, why)
  }

  function arm(place: Place): void {
    place.cancel = wakeAt(place.until, () => refuse(place, TOO_LATE))
  }

  /** Whether the person is here; `null` while nobody knows, or they may yet come. */
  function isBack(): boolean | null {
    const { status, user, reason, lastUser } = getState()
    if (status === 'restoring') return null
    const person = user ?? (reason && lastUser)
    return person?.key !== owner ? false : user ? true : null
  }

  function look(): void {
    if (!places.length) return
    const isHere = isBack()
    if (isHere && !isSending) void send()
    if (isHere === false) refuseAll('whoever it was made for has left, or somebody else has come.')
  }

  async function send(): Promise<void> {
    isSending = true
    for (let place = places[0]; place && isBack(); place = places[0]) {
      place.cancel()
      // An alarm comes late where the machine slept, or the page was put away.
      if (now() >= place.until) {
        refuse(place, TOO_LATE)
        continue
      }
      const { session } = getState()
      if (await place.go()) {
        leave(place)
        continue
      }
      // It met another end, and keeps its place.
      if (places.includes(place)) arm(place)
      // Whoever is back again by now came meanwhile: no change of the state is left that would tell.
      if (getState().session?.id === session?.id) break
    }
    isSending = false
  }

  const off = subscribe(look)
  function close(): void {
    off()
    refuseAll('the page that it was made for is gone.')
    onClosed()
  }

  return {
    owner,
    isSending: () => isSending,
    wait: ({ isSafe, authorize, send, onAbort }) =>
      new Promise((resolve, reject) => {
        let isWanted = true
        const fail = (error: unknown) => {
          isWanted = false
          reject(error)
        }
        async function go(): Promise<boolean> {
          try {
            const now = await authorize()
            if (!isWanted) return true
            if (now.user.key !== owner) return false
            const answer = send(now)
            resolve(answer)
            // What changes something is not overtaken by what comes after it.
            if (!isSafe) await answer.catch(() => {})
          } catch (error) {
            if (error instanceof SessionOverError || !isBack()) return false
            fail(error)
          }
          return true
        }
        if (places.length >= PLACES) throw new SessionOverError(`${PLACES} requests wait already.`)
        const place: Place = { go, fail, until: now() + PATIENCE, cancel: () => {} }
        places = [...places, place]
        arm(place)
        onAbort((reason) => {
          leave(place)
          fail(reason)
        })
        look()
      }),
    hold() {
      let isHeld = true
      holders++
      return () => {
        if (isHeld && --holders === 0) close()
        isHeld = false
      }
    },
    close,
  }
}
