// Bundles the soak and runs it in a Node that shows its garbage collector.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const absWorkingDir = fileURLToPath(new URL('../..', import.meta.url))
const outdir = 'dist/soak'

await build({
  absWorkingDir,
  entryPoints: ['bench/soak/main.ts'],
  outdir,
  // What the page half needs is not to weigh on the other's heap.
  splitting: true,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  logLevel: 'warning',
})
const { status } = spawnSync(process.execPath, ['--expose-gc', `${outdir}/main.js`, ...process.argv.slice(2)], {
  cwd: absWorkingDir,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
