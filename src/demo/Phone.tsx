import { useEffect, useState } from 'react'
import { server } from './server.ts'

const clock = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' })

interface Message {
  readonly at: number
  readonly to: string
  readonly text: string
}

/** The phone of whoever asked for a PIN: the mock backend sends no messages, it keeps them. */
export function Phone() {
  const [message, setMessage] = useState<Message | null>(null)
  useEffect(() => {
    const look = async () => {
      const messages = (await server.control('outbox').catch(() => null)) as Message[] | null
      if (messages) setMessage(messages.at(-1) ?? null)
    }
    const timer = setInterval(look, 1_000)
    void look()
    return () => clearInterval(timer)
  }, [])
  return (
    <p role="status" className="phone">
      {message ? (
        <>
          <strong>
            Phone {message.to}, {clock.format(message.at)}:
          </strong>{' '}
          {message.text}
        </>
      ) : (
        'A PIN you ask for shows here: this is the phone. The new password then holds for every system, until the server restarts.'
      )}
    </p>
  )
}
