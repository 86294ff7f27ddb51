// Takes the pictures anew that e2e/looks.spec.ts compares with, and makes them small.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium as playwright } from '@playwright/test'
import { chromium, findChromium } from '../e2e/chromium.mjs'
import { pixelsOf, toSmallPng } from './png.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDER = `${ROOT}e2e/looks`
const pictures = () => readdirSync(FOLDER).filter((name) => name.endsWith('.png'))

for (const name of pictures()) rmSync(`${FOLDER}/${name}`)
const { status } = spawnSync(
  'npx',
  ['playwright', 'test', '-c', 'e2e', '--project=documents', 'looks', '--workers=1', '--update-snapshots=all'],
  { cwd: ROOT, stdio: 'inherit' },
)
if (status !== 0) process.exit(status ?? 1)

const browser = await playwright.launch({ executablePath: findChromium(), args: chromium.args })
const reader = await browser.newPage()
let bytes = 0
for (const name of pictures()) {
  const png = toSmallPng(await pixelsOf(reader, readFileSync(`${FOLDER}/${name}`)))
  writeFileSync(`${FOLDER}/${name}`, png)
  bytes += png.length
}
console.log(`${pictures().length} pictures, ${Math.round(bytes / 1_000)} kB: ${FOLDER}`)
await browser.close()
