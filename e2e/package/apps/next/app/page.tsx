import { SessionWarning } from 'stillhere/react'
import { Desk } from './desk'

// A component of the server: it renders before anybody is known, so nothing private belongs here.
export default function Page() {
  return (
    <>
      <SessionWarning />
      <Desk />
    </>
  )
}
