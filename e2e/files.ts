import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { listen } from './servers.ts'

/** Where the demo is on its host. */
export const FOLDER = '/some/folder/'
/** The demo with its server inside, as built. */
export const BUILT = new URL('../dist/static/', import.meta.url)
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** A host that has files, in a folder, and nothing else: 404 to all that is none of them. */
export const serveFiles = (isThere = (_: string) => true) =>
  listen(async ({ method, url }, response) => {
    const { pathname } = new URL(url, 'http://host')
    const name = pathname.startsWith(FOLDER) && method === 'GET' ? pathname.slice(FOLDER.length) || 'index.html' : ''
    const file = name && isThere(name) ? await readFile(new URL(name, BUILT)).catch(() => null) : null
    response.writeHead(file ? 200 : 404, { 'content-type': TYPES[extname(name)] ?? 'text/plain' })
    response.end(file)
  })
