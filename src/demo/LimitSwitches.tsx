import { addressOf, changeOptions, goTo, type Options, useOptions } from './address.ts'
import { wakeForGood } from './clock.ts'
import { LANGUAGES } from './languages.ts'
import { POLICIES, type PolicyId } from './policies.ts'
import { say } from './said.ts'
import { server } from './server.ts'
import { session, system } from './session.ts'
import { Actions, Choice } from './switches.tsx'
import { isOffered, SYSTEMS, type SystemId } from './systems.ts'

const namesOf = <T extends string>(entries: Readonly<Record<T, object>>, name: 'name' | 'label' = 'name') =>
  Object.fromEntries(
    Object.entries<object>(entries).map(([id, entry]) => [id, (entry as Record<string, string>)[name]]),
  ) as Record<T, string>

const SYSTEMS_HERE = Object.fromEntries(
  Object.entries(namesOf(SYSTEMS, 'label')).filter(([id]) => isOffered(id)),
) as Record<SystemId, string>

/** The lives of tokens to choose from, and the one that the address asks for. */
const livesWith = (ttl: string | null): Record<string, string> => ({
  '': `${system.life}, the system’s own`,
  ...(ttl && { [ttl]: `${ttl} s` }),
  90: '90 s',
  300: '5 min',
})

/** Forgets all: who is signed in, what is wrong with the server, and the time slept. */
async function startOver(): Promise<void> {
  session.signOut()
  try {
    await server.control('reset', {})
  } catch (error) {
    say(`The server stays as it is: ${(error as Error).message}`)
    return
  }
  wakeForGood()
  location.assign(addressOf())
}

/** How long a session may last, and what it is made of. */
export function LimitSwitches() {
  const { policy, input, ttl, gate, lang, system: systemId } = useOptions()

  function change(options: Partial<Options>, told: string): void {
    changeOptions(options)
    say(told)
  }
  return (
    <>
      <section aria-labelledby="try-limits">
        <h3 id="try-limits">How long it lasts</h3>
        <Choice
          label="Policy"
          watch="“Ends at” moves at once. Both limits hold: this one, and what the tokens give."
          value={policy}
          options={namesOf<PolicyId>(POLICIES)}
          onChoose={(next) => change({ policy: next }, `Policy: ${POLICIES[next].name}.`)}
        />
        <Choice
          label="Keys and clicks while it warns"
          watch="in the last two minutes press a key: the warning stays, or goes. Mere moves never answer it."
          value={input}
          options={{ ignore: 'do not answer the warning', extend: 'answer the warning' }}
          onChoose={(next) =>
            change({ input: next }, `Keys and clicks ${next === 'extend' ? '' : 'do not '}answer it.`)
          }
        />
        <Choice
          label="Life of tokens"
          watch="it holds from the next sign-in on. With 90 s the warning opens within a minute, and the end comes soon."
          value={ttl ?? ''}
          options={livesWith(ttl)}
          onChoose={(next) => goTo({ ttl: next || null }, 'Life of tokens')}
        />
      </section>
      <section aria-labelledby="try-made">
        <h3 id="try-made">What it is made of</h3>
        <Choice
          label="System"
          watch={system.about.charAt(0).toLowerCase() + system.about.slice(1)}
          value={systemId}
          options={SYSTEMS_HERE}
          onChoose={(next) => goTo({ system: next }, 'System')}
        />
        <Choice
          label="At the end, the page"
          watch="type a note, sleep two hours, and come back: kept, your words are still there for you, and for nobody else."
          value={gate}
          options={{ login: 'is gone', lock: 'is kept behind a lock' }}
          onChoose={(next) => goTo({ gate: next }, 'At the end, the page')}
        />
        <Choice
          label="Language of Stillhere"
          watch="the warning and the login page speak it; the rest of the demo stays English."
          value={lang}
          options={namesOf(LANGUAGES)}
          onChoose={(next) => goTo({ lang: next }, 'Language of Stillhere')}
        />
        <Actions
          watch="the server forgets all, faults and clock included; the true time is back, and you are out."
          actions={{ 'Start over': startOver }}
        />
      </section>
    </>
  )
}
