// Takes the pictures of docs/pictures: the built demo with its warning open, light and dark.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium as playwright } from '@playwright/test'
import { build, preview } from 'vite'
import { chromium, findChromium } from '../e2e/chromium.mjs'
import { pixelsOf, toSmallPng } from './png.mjs'

const MIN = 60_000
const SIZE = { width: 1120, height: 700 }
const FOLDER = fileURLToPath(new URL('../docs/pictures', import.meta.url))

const executablePath = findChromium()
if (!executablePath) throw new Error(`No Chromium found. Type: ${chromium.remedy}`)

await build({ logLevel: 'warn' })
const server = await preview({ logLevel: 'warn', preview: { port: 0 } })
const url = server.resolvedUrls.local[0]
const browser = await playwright.launch({ executablePath, args: chromium.args })
const reader = await browser.newPage()
mkdirSync(FOLDER, { recursive: true })

/** Time passes, for the server and for the page. */
async function pass(page, ms) {
  await fetch(`${url}__stillhere/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-stillhere-mock': '1' },
    body: JSON.stringify({ advance: ms }),
  })
  await page.clock.fastForward(ms)
}

for (const colorScheme of ['light', 'dark']) {
  const page = await browser.newPage({ colorScheme, viewport: SIZE, deviceScaleFactor: 1.5, reducedMotion: 'reduce' })
  await page.clock.install()
  await page.goto(url)
  await page.getByLabel('User name').fill('analyst@example.com')
  await page.getByLabel('Password', { exact: true }).fill('bug#1')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('table').waitFor()
  await pass(page, 61_000)
  await page.keyboard.press('Shift')
  await page.locator('[data-type="refreshed"]').first().waitFor()
  await pass(page, 28 * MIN + 13_000)
  await page.getByRole('alertdialog').waitFor()
  const png = toSmallPng(await pixelsOf(reader, await page.screenshot()))
  const path = `${FOLDER}/warning-${colorScheme}.png`
  writeFileSync(path, png)
  console.log(path, `${Math.round(png.length / 1_000)} kB`)
  await page.close()
}

await browser.close()
await server.close()
