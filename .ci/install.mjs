// Installs the packages of package-lock.json, unless they are there already.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const changed = (path) => statSync(root + path, { throwIfNoEntry: false })?.mtimeMs ?? 0

const [major, minor] = process.versions.node.split('.').map(Number)
if (!((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22)) {
  console.error(`Stillhere needs Node ^20.19 or >=22.12, and this is ${process.version}: install a newer Node.`)
  process.exit(1)
}

// npm writes node_modules/.package-lock.json last, so it is as new as the last install that went through.
if (changed('node_modules/.package-lock.json') < changed('package-lock.json')) {
  console.log('Installing packages (once) …')
  const { status } = spawnSync('npm ci --no-audit --no-fund', { cwd: root, stdio: 'inherit', shell: true })
  if (status !== 0) process.exit(status ?? 1)
}

// So that `npx stillhere-mock` and `npx stillhere-check` work in a clone, too.
if (changed('dist/bin/stillhere-mock.js') < changed('package-lock.json')) await import('./bin.mjs')
