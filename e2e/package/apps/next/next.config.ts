import type { NextConfig } from 'next'

// npx stillhere-mock --system eclecticiq --port 4000
const { API = 'http://127.0.0.1:4000' } = process.env

const config: NextConfig = {
  // EclecticIQ's addresses end in a slash, and stay as they are.
  skipTrailingSlashRedirect: true,
  rewrites: async () => [
    { source: '/api/:path*/', destination: `${API}/api/:path*/` },
    { source: '/api/:path*', destination: `${API}/api/:path*` },
  ],
}

export default config
