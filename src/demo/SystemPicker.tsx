import { addressOf, system, systemId } from './session.ts'
import { isOffered, SYSTEMS, type SystemId } from './systems.ts'

/** Which system's login API is spoken: another one is another page. */
export function SystemPicker() {
  return (
    <div className="picker">
      <label htmlFor="system">System</label>
      <select
        id="system"
        value={systemId}
        onChange={(event) => location.assign(addressOf({ system: event.target.value as SystemId }))}
      >
        {Object.entries(SYSTEMS).map(([id, { label }]) => (
          <option key={id} value={id} disabled={!isOffered(id)}>
            {isOffered(id) ? label : `${label} (needs a real server)`}
          </option>
        ))}
      </select>
      <p className="quiet">{system.about}</p>
    </div>
  )
}
