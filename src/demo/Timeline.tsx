// A file of its own, so that what draws is loaded when it is looked at, and what records is there before.
import '../panel/panel.css'

export { SessionPanel as default } from '../panel/index.ts'
