'use client'
import { useSecondsLeft, useSession } from 'stillhere/react'

export function Greeting() {
  const user = useSession((state) => state.user)
  const seconds = useSecondsLeft()
  return <header>{user ? `${user.name}, ${seconds} seconds left` : 'Nobody is signed in.'}</header>
}
