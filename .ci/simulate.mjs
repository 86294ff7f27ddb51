// Bundles the simulation and runs it.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const absWorkingDir = fileURLToPath(new URL('..', import.meta.url))
await build({
  absWorkingDir,
  entryPoints: ['src/simulation/main.ts'],
  outfile: 'dist/simulation/main.js',
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  sourcemap: 'inline',
  logLevel: 'warning',
})
const { status } = spawnSync(
  process.execPath,
  ['--enable-source-maps', 'dist/simulation/main.js', ...process.argv.slice(2)],
  { cwd: absWorkingDir, stdio: 'inherit' },
)
process.exitCode = status ?? 1
