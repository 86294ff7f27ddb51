// Installs what Stillhere is measured beside, builds both, and runs the measures.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)

function run(command, args, options) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', ...options })
  if (status !== 0) process.exit(status ?? 1)
}

const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
if (changed('bench/node_modules/.package-lock.json') < changed('bench/package-lock.json')) {
  console.error('Installing what Stillhere is measured beside (once) …')
  run('npm ci --ignore-scripts --loglevel error', [], { cwd: `${root}bench`, shell: true, stdio: ['ignore', 2, 2] })
}
run(process.execPath, ['.ci/lib.mjs'])
// Its types need what was just installed, so the project's own check leaves them out.
if (process.argv.includes('--smoke')) run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'bench'])
await build({
  entryPoints: ['bench/main.ts'],
  outdir: 'bench/dist',
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  logLevel: 'warning',
})
run(process.execPath, ['--expose-gc', 'bench/dist/main.js', ...process.argv.slice(2)])
