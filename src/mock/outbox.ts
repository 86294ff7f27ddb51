/** A message that a real system would have sent to a phone; `at` in epoch milliseconds of the server's clock. */
export type SentMessage = { at: number; to: string; username: string; pin: string; text: string }

const MAX_MESSAGES = 1000

export type Outbox = ReturnType<typeof createOutbox>

/** What would have been sent, kept in the memory of this instance and printed line by line if wanted. */
export function createOutbox(now: () => number, print?: (line: string) => void) {
  let sent: SentMessage[] = []
  return {
    /** Keeps a one-time PIN as sent. */
    send({ phone, username }: { phone: string; username: string }, pin: string) {
      const text = `${pin} is your one-time PIN to set a new password. It works once, for 10 minutes.`
      sent.push({ at: now(), to: phone, username, pin, text })
      if (sent.length > MAX_MESSAGES) sent = sent.slice(-MAX_MESSAGES)
      print?.(`SMS to ${phone} for ${username}: ${text}`)
    },
    /** The last 1000 messages, oldest first. */
    list: (): SentMessage[] => sent.map((message) => ({ ...message })),
    /** Forgets all messages. */
    clear() {
      sent = []
    },
  }
}
