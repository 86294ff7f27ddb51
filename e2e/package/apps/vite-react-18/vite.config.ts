import react from '@vitejs/plugin-react'
import { stillhereMock } from 'stillhere/mock/vite'
import { defineConfig } from 'vite'

// In development and in a preview the mock backend answers for the real one: analyst@example.com, password bug#1.
export default defineConfig({ plugins: [react(), stillhereMock({ systems: ['rest'] })] })
