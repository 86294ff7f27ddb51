import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { stillhereMock } from './src/mock/vite.ts'

const { PORT } = process.env
const host = '127.0.0.1'

export default defineConfig(({ mode }) => ({
  plugins: [react(), stillhereMock()],
  server: { host, port: Number(PORT ?? 5173), strictPort: Boolean(PORT) },
  preview: { host, port: Number(PORT ?? 4173), strictPort: Boolean(PORT) },
  build: { outDir: 'dist/demo' },
  // `vitest --mode long` runs what takes long or needs other programs.
  test:
    mode === 'long'
      ? { include: ['src/**/*.long.test.ts', 'src/**/fuzz.test.ts'], testTimeout: 300_000 }
      : { include: ['src/**/*.test.{ts,tsx}', 'bench/**/*.test.ts'], exclude: ['**/*.long.test.ts'] },
}))
