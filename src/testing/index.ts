export { type Carry, createWorld, type Tab, type Wire, type World } from './world.ts'
