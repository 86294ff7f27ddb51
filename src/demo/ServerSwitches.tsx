import { getOptions } from './address.ts'
import { FAULTS, type useFaults } from './faults.ts'
import { say } from './said.ts'
import { server } from './server.ts'
import { Actions, Toggle } from './switches.tsx'

/** What can go wrong at the server, and what an administrator can do there. */
export function ServerSwitches({ faults }: { faults: ReturnType<typeof useFaults> }) {
  const { system } = getOptions()
  const isDisabled = !faults.isKnown || faults.problem !== null

  const tell = (path: string, body: unknown, done: (answer: never) => string) => async () => {
    try {
      say(done((await server.control(path, body)) as never))
    } catch (error) {
      say(`That did not work: ${(error as Error).message}`)
    }
  }

  async function turn({ label, fault }: (typeof FAULTS)[number], isOn: boolean): Promise<void> {
    try {
      await faults.turn(fault(system), isOn)
      say(`${label}: ${isOn ? 'on' : 'off'}, for all tabs.`)
    } catch (error) {
      say(`That did not work: ${(error as Error).message}`)
    }
  }

  async function mend(): Promise<void> {
    await faults.mend()
    say('The server is well again.')
  }

  return (
    <>
      <section aria-labelledby="try-server">
        <h3 id="try-server">The server breaks</h3>
        {FAULTS.map((entry) => (
          <Toggle
            key={entry.label}
            label={entry.label}
            watch={entry.watch}
            isOn={faults.isOn(entry.fault(system))}
            isDisabled={isDisabled}
            onTurn={(isOn) => void turn(entry, isOn)}
          />
        ))}
        <Actions
          watch="“Trouble” goes away with the next answer, in all tabs."
          isDisabled={isDisabled}
          actions={{ 'Mend the server': mend }}
        />
      </section>
      <section aria-labelledby="try-admin">
        <h3 id="try-admin">An administrator acts</h3>
        <Actions
          watch="the next request is refused, within 15 s: signed out in all tabs, and told why."
          isDisabled={isDisabled}
          actions={{
            'End every session': tell('revoke-all', {}, ({ ended }: { ended: number }) =>
              ended === 1 ? 'The server has ended one session.' : `The server has ended ${ended} sessions.`,
            ),
          }}
        />
        <Actions
          watch="a new key alone changes nothing: what the old one signed holds until it is renewed. Without the old key the next request is refused."
          isDisabled={isDisabled}
          actions={{
            'New signing key': tell(
              'rotate-key',
              {},
              () => 'The server signs with a new key, and knows the old one still.',
            ),
            'New key, old one gone': tell(
              'rotate-key',
              { keepOld: false },
              () => 'No token from before is worth anything now.',
            ),
          }}
        />
      </section>
    </>
  )
}
