import { getOptions, goTo } from './address.ts'
import { system } from './session.ts'
import { isOffered, SYSTEMS, type SystemId } from './systems.ts'

/** Which system's login API is spoken: another one is another page. */
export function SystemPicker() {
  return (
    <div className="picker">
      <label htmlFor="system">System</label>
      <select
        id="system"
        value={getOptions().system}
        onChange={(event) => goTo({ system: event.target.value as SystemId })}
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
