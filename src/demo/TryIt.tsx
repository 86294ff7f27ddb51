import { useFaults } from './faults.ts'
import { LimitSwitches } from './LimitSwitches.tsx'
import { ServerNote } from './ServerNote.tsx'
import { ServerSwitches } from './ServerSwitches.tsx'
import { useSaid } from './said.ts'
import { TimeSwitches } from './TimeSwitches.tsx'

/** Switches that break things, each with what to watch. */
export function TryIt() {
  const faults = useFaults()
  const said = useSaid()
  return (
    <div className="try">
      <p role="status" className="said">
        {said}
      </p>
      {faults.problem !== null && (
        <p className="unavailable">
          Time and the server can not be switched here: the control endpoint does not answer ({faults.problem}). A
          server that is open to the network has none.
        </p>
      )}
      <ServerNote />
      <TimeSwitches isDisabled={!faults.isKnown || faults.problem !== null} />
      <ServerSwitches faults={faults} />
      <LimitSwitches />
    </div>
  )
}
