// Bundles the command lines into dist/bin, or the folder named; what they import of other packages stays outside.
import { chmodSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const entries = { 'stillhere-mock': 'src/mock/cli.ts', 'stillhere-check': 'src/check/cli.ts' }

const absWorkingDir = fileURLToPath(new URL('..', import.meta.url))
const outdir = process.argv[2] ?? 'dist/bin'

// Without the development packages, as in an installation for production, there is nothing to build with.
const esbuild = await import('esbuild').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
})
if (esbuild) {
  await esbuild.build({
    absWorkingDir,
    entryPoints: Object.entries(entries).map(([out, path]) => ({ in: path, out })),
    outdir,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
  })
  for (const name of Object.keys(entries)) chmodSync(resolve(absWorkingDir, outdir, `${name}.js`), 0o755)
}
