'use client'

/** From when on the ring is drawn bolder, in seconds. */
const URGENT = 20

const figures = (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`

/** A ring that drains with the time, around the time in figures: for the eye alone, as the words say the same. */
export function Ring({ secondsLeft, secondsInAll }: { readonly secondsLeft: number; readonly secondsInAll: number }) {
  return (
    <div aria-hidden="true" data-stillhere="countdown" data-urgent={secondsLeft <= URGENT ? '' : undefined}>
      <svg aria-hidden="true" viewBox="0 0 100 100">
        <circle cx="50" cy="50" r="44" />
        <circle
          cx="50"
          cy="50"
          r="44"
          pathLength="1"
          strokeDasharray="1"
          strokeDashoffset={1 - secondsLeft / Math.max(1, secondsInAll)}
        />
      </svg>
      <span>{figures(secondsLeft)}</span>
    </div>
  )
}
