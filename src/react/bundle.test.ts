import { build } from 'esbuild'
import { expect, test } from 'vitest'

async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    external: ['react', 'react-dom', 'react/jsx-runtime'],
    jsx: 'automatic',
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

test('nobody’s bundle has a language that was not asked for', async () => {
  expect(await bundle(`export { LoginPage, SessionWarning } from 'stillhere/react'`)).not.toContain('Benutzername')
  expect(await bundle(`export { LABELS_DE } from 'stillhere/react'`)).toContain('Benutzername')
})

test('a warning of one’s own brings neither our dialog nor our form', async () => {
  const own = await bundle(`export { useSessionWarning } from 'stillhere/react'`)
  expect(own).not.toContain('alertdialog')
  expect(own).not.toContain('current-password')
})
