export type Key = 'Enter' | 'Escape' | 'Shift' | 'Tab'

/** One tab of a real browser. What is typed and clicked in it is trusted input, as of a person. */
export interface Tab {
  /** Types into the field of that label, which was empty. */
  type(label: string, text: string): Promise<void>
  /** Clicks the first button that says so. */
  click(button: string): Promise<void>
  /** Presses a key where the focus is. */
  press(key: Key): Promise<void>
  /** The value of a JavaScript expression in the page. */
  evaluate<T>(expression: string): Promise<T>
}

/** A browser of one engine, with a profile of its own. */
export interface Engine {
  open(url: string): Promise<Tab>
  close(): Promise<void>
}

/** XPath of the fields of a label, and of the buttons that say something. */
export const fieldOf = (label: string) => `//*[@id = //label[normalize-space() = "${label}"]/@for]`
export const buttonOf = (text: string) => `//button[normalize-space() = "${text}"]`
