import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The Debian packages of all these programs, and of letters for them to draw. */
export const packages = ['firefox-esr', 'webkit2gtk-driver', 'xvfb', 'fonts-dejavu-core']

const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(existsSync)

// Ubuntu's `firefox` may be a script that only tells how to install it.
const starts = (path) => path && spawnSync(path, ['--version']).status === 0

const FIND = {
  firefox: () => ({ firefox: ['firefox-esr', 'firefox'].map(onPath).find(starts) }),
  webkitgtk: () => ({ WebKitWebDriver: onPath('WebKitWebDriver'), Xvfb: onPath('Xvfb') }),
}

export const ENGINES = Object.keys(FIND)

/** The paths of the programs that an engine takes, `undefined` for what is not on this machine. */
export const programsOf = (engine) => FIND[engine]()

/** The names of an engine's programs that are not on this machine. */
export const missing = (engine) =>
  Object.entries(programsOf(engine))
    .filter(([, path]) => !path)
    .map(([name]) => name)
