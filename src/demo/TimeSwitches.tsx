import { useSession } from '../react/index.ts'
import { addressOf, useOptions } from './address.ts'
import { sleep } from './clock.ts'
import { say } from './said.ts'
import { session } from './session.ts'
import { Actions, Toggle } from './switches.tsx'
import { isUploading, startUpload, startWork, stopUpload, stopWork, useWork } from './work.ts'

const MINUTE = 60_000

/** A renewal under way is waited for: two clocks that are moved one after the other would disagree about what it brings. */
async function renewed(): Promise<void> {
  const ends = Date.now() + 5_000
  while (session.inspect().startedAt !== null && Date.now() < ends)
    await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Time that passes, and people who are here. */
export function TimeSwitches({ isDisabled }: { isDisabled: boolean }) {
  useOptions()
  const keptAwakeBy = useSession((state) => state.keptAwakeBy)
  const workLeft = useWork()

  const sleepFor = (name: string, ms: number) => async () => {
    try {
      await renewed()
      await sleep(ms)
      say(`It is ${name} later, here and at the server.`)
    } catch (error) {
      say(`That did not work: ${(error as Error).message}`)
    }
  }

  function work(isOn: boolean): void {
    if (isOn) startWork()
    else stopWork()
    say(isOn ? 'Somebody works here for a minute: hands off.' : 'Nobody works here any more.')
  }

  function upload(isOn: boolean): void {
    if (isOn) startUpload()
    else stopUpload()
    say(isOn ? 'An upload keeps the session awake for three minutes.' : 'The upload is through.')
  }

  return (
    <>
      <section aria-labelledby="try-time">
        <h3 id="try-time">The lid is closed</h3>
        <Actions
          watch="within the time that nobody may be away it goes on; past it you are out on waking, at once, and nothing is sent. Your click comes before the sleep: a token a minute old is renewed by it."
          isDisabled={isDisabled}
          actions={{
            'Sleep 1 min': sleepFor('a minute', MINUTE),
            '20 min': sleepFor('20 minutes', 20 * MINUTE),
            '2 hours': sleepFor('two hours', 120 * MINUTE),
          }}
        />
      </section>
      <section aria-labelledby="try-people">
        <h3 id="try-people">Somebody is here</h3>
        <Toggle
          label={workLeft ? `Work for me: ${workLeft} s left` : 'Work for me, a minute'}
          watch="“Time left” stays full, and once the token is a minute old one renewal goes out, for all tabs."
          isOn={workLeft > 0}
          onTurn={work}
        />
        <Toggle
          label="Pretend upload, 3 min"
          watch="hands off: nobody is here, and the session stays. A limit on the whole session would still end it."
          isOn={isUploading(keptAwakeBy)}
          onTurn={upload}
        />
        <div className="switch">
          <a className="button" href={addressOf()} target="_blank" rel="noopener" aria-describedby="try-tab">
            Open a second tab
          </a>
          <p id="try-tab" className="watch">
            <strong>Watch:</strong> nobody asks for a password; move there, and it stays in both; leave one, and both
            are left.
          </p>
        </div>
      </section>
    </>
  )
}
