import { type BuildOptions, build } from 'esbuild'
import { expect, test } from 'vitest'

async function bundle(contents: string, options: BuildOptions = {}): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    external: ['react*', 'zustand*'],
    logLevel: 'silent',
    ...options,
  })
  return outputFiles![0]!.text
}

/** All of it in one file, as packages are shipped: what nobody uses of it has to go all the same. */
const shipped = await bundle(`export * from './index.ts'`, { jsx: 'automatic' })

const using = (name: string) =>
  bundle(`export { ${name} } from 'shipped'`, {
    plugins: [
      {
        name: 'shipped',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^shipped$/ }, () => ({ path: 'shipped', namespace: 'shipped' }))
          onLoad({ filter: /./, namespace: 'shipped' }, () => ({ contents: shipped }))
        },
      },
    ],
  })

test('nobody’s bundle has a language that was not asked for', async () => {
  expect(await using('LoginPage, SessionWarning')).not.toContain('Benutzername')
  expect(await using('LABELS_DE')).toContain('Benutzername')
})

test('a warning of one’s own brings neither our dialog nor our form', async () => {
  const own = await using('useSessionWarning')
  expect(own).toContain('announcement')
  expect(own).not.toContain('alertdialog')
  expect(own).not.toContain('current-password')
})
