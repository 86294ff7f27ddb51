import { type ReactNode, useEffect, useId, useRef } from 'react'
import { wasLeftAt } from './address.ts'

interface SwitchProps {
  readonly label: string
  /** What to watch, told along with the switch. */
  readonly watch: ReactNode
}

const Watch = ({ id, children }: { id: string; children: ReactNode }) => (
  <p id={id} className="watch">
    <strong>Watch:</strong> {children}
  </p>
)

interface ToggleProps extends SwitchProps {
  readonly isOn: boolean
  readonly isDisabled?: boolean
  readonly onTurn: (isOn: boolean) => void
}

/** Something that is on or off. */
export function Toggle({ label, watch, isOn, isDisabled = false, onTurn }: ToggleProps) {
  const id = useId()
  return (
    <div className="switch">
      <label className="toggle">
        <input
          type="checkbox"
          // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox says itself whether it is on. HTML-AAM.
          role="switch"
          checked={isOn}
          disabled={isDisabled}
          aria-describedby={id}
          onChange={(event) => onTurn(event.target.checked)}
        />
        {label}
      </label>
      <Watch id={id}>{watch}</Watch>
    </div>
  )
}

interface ChoiceProps<T extends string> extends SwitchProps {
  readonly value: T
  readonly options: Readonly<Record<T, string>>
  readonly onChoose: (value: T) => void
}

/** One of several; where choosing left the page, the focus is back on it. */
export function Choice<T extends string>({ label, watch, value, options, onChoose }: ChoiceProps<T>) {
  const id = useId()
  const select = useRef<HTMLSelectElement>(null)
  useEffect(() => {
    if (wasLeftAt(label)) select.current!.focus()
  }, [label])
  return (
    <div className="switch">
      <label className="choice">
        <span>{label}</span>
        <select
          ref={select}
          value={value}
          aria-describedby={id}
          onChange={(event) => onChoose(event.target.value as T)}
        >
          {Object.entries<string>(options).map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Watch id={id}>{watch}</Watch>
    </div>
  )
}

interface ActionsProps {
  readonly watch: ReactNode
  readonly isDisabled?: boolean
  /** Each is a button, in this order. */
  readonly actions: Readonly<Record<string, () => unknown>>
}

/** Something that happens at once: a button, or a few of a kind. */
export function Actions({ watch, isDisabled = false, actions }: ActionsProps) {
  const id = useId()
  return (
    <div className="switch">
      <div className="buttons">
        {Object.entries(actions).map(([label, act]) => (
          <button key={label} type="button" disabled={isDisabled} aria-describedby={id} onClick={act}>
            {label}
          </button>
        ))}
      </div>
      <Watch id={id}>{watch}</Watch>
    </div>
  )
}
