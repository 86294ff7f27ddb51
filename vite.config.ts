import { randomUUID } from 'node:crypto'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { headersOf, pagePolicy, policyWithoutServer } from './src/demo/policy.ts'
import { stillhereMock } from './src/mock/vite.ts'

const { PORT } = process.env
const host = '127.0.0.1'
// In development some of what Vite puts into the page is inline.
const cspNonce = randomUUID()

const meta = (attrs: Record<string, string>) => ({ tag: 'meta', attrs, injectTo: 'head-prepend' as const })

/** The package's own names, as examples and tests use them. */
const alias = [
  { find: /^stillhere$/, replacement: '/src/index.ts' },
  { find: /^stillhere\/mock\/(redis|vite)$/, replacement: '/src/mock/$1.ts' },
  { find: /^stillhere\/panel\.css$/, replacement: '/src/panel/panel.css' },
  { find: /^stillhere\/styles\.css$/, replacement: '/src/react/styles.css' },
  { find: /^stillhere\/(\w+)$/, replacement: '/src/$1/index.ts' },
].map(({ find, replacement }) => ({ find, replacement: import.meta.dirname + replacement }))

/** The policy goes along with the page, whatever host it is put on. */
const strictPage = (policy: string): Plugin => ({
  name: 'strict-page',
  apply: 'build',
  transformIndexHtml: () => [
    meta({ 'http-equiv': 'Content-Security-Policy', content: policy }),
    meta({ name: 'referrer', content: 'same-origin' }),
  ],
})

/** The page starts its own server first. */
const serverInside: Plugin = {
  name: 'server-inside',
  apply: 'build',
  transformIndexHtml: {
    order: 'pre',
    handler: (html) => html.replace('/src/demo/main.tsx', '/src/demo/static/main.ts'),
  },
  // The package says of its modules that importing them does nothing: for this one, which is no longer the entry, it would stand.
  transform: {
    filter: { id: /src\/demo\/main\.tsx$/ },
    handler: () => ({ moduleSideEffects: true }),
  },
}

export default defineConfig(({ mode, command, isPreview }) => ({
  plugins: [
    react(),
    stillhereMock(),
    ...(mode === 'static' ? [strictPage(policyWithoutServer), serverInside] : [strictPage(pagePolicy)]),
  ],
  resolve: { alias },
  ...(command === 'serve' && !isPreview && { html: { cspNonce } }),
  server: { host, port: Number(PORT ?? 5173), strictPort: Boolean(PORT), headers: headersOf(cspNonce) },
  preview: { host, port: Number(PORT ?? 4173), strictPort: Boolean(PORT), headers: headersOf() },
  // `vite build --mode static` makes a demo for any static host, in any folder of it.
  ...(mode === 'static' && { base: './' }),
  build: { outDir: mode === 'static' ? 'dist/static' : 'dist/demo' },
  // `vitest --mode long` runs what takes long or needs other programs.
  test:
    mode === 'long'
      ? // Real sockets and processes on a busy machine: what passes only the second time is named.
        { include: ['src/**/*.long.test.ts', 'src/**/fuzz.test.ts'], testTimeout: 300_000, retry: 1 }
      : {
          include: ['src/**/*.test.{ts,tsx}', 'bench/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.long.test.ts'],
          testTimeout: 30_000,
        },
}))
