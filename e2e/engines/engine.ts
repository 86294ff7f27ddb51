export type Key = 'Enter' | 'Escape' | 'Shift' | 'Tab'

/** One tab of a real browser. What is typed and clicked in it is trusted input, as a person's. */
export interface Tab {
  /** Brings it before the other tabs, where the driver can. */
  show(): Promise<void>
  /** Types into the field of that label. */
  type(label: string, text: string): Promise<void>
  /** Clicks the button that says so, the first if there are several. */
  click(button: string): Promise<void>
  /** Presses a key where the focus is. */
  press(key: Key): Promise<void>
  /** The value of a JavaScript expression in the page. */
  evaluate<T>(expression: string): Promise<T>
}

/** A browser of one engine, with a profile of its own. */
export interface Engine {
  /** Opens an address in a new tab. */
  open(url: string): Promise<Tab>
  close(): Promise<void>
}

/** XPath of the field of a label. */
export const fieldOf = (label: string) => `//*[@id = //label[normalize-space() = "${label}"]/@for]`
/** XPath of the buttons that say so. */
export const buttonOf = (text: string) => `//button[normalize-space() = "${text}"]`
