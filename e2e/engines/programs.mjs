import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const onPath = (...names) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(existsSync)

/** The programs that drive each engine: their paths on this machine, `undefined` for what is not there. */
export const findPrograms = () => ({
  firefox: { firefox: onPath('firefox-esr', 'firefox') },
  webkitgtk: { WebKitWebDriver: onPath('WebKitWebDriver'), Xvfb: onPath('Xvfb') },
})

/** Where these programs come from on Debian. */
export const packages = ['firefox-esr', 'webkit2gtk-driver', 'xvfb']

/** The names of an engine's programs that are not on this machine. */
export const missing = (engine) =>
  Object.entries(findPrograms()[engine])
    .filter(([, path]) => !path)
    .map(([name]) => name)
