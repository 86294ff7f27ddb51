import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [react()],
  server: { host: '127.0.0.1', port: Number(process.env.PORT ?? 5173), strictPort: !!process.env.PORT },
  preview: { host: '127.0.0.1', port: Number(process.env.PORT ?? 4173), strictPort: !!process.env.PORT },
  test: { include: ['src/**/*.test.{ts,tsx}'] },
})
