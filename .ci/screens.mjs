// Takes a picture of every screen and state of the built demo, at three widths, light and dark: dist/screens/index.html shows them all.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium as playwright } from '@playwright/test'
import { build, preview, runnerImport } from 'vite'
import { chromium, findChromium } from '../e2e/chromium.mjs'

const S = 1_000
const MIN = 60 * S
const WIDTHS = { 320: 640, 768: 900, 1440: 900 }
const SCHEMES = ['light', 'dark']
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDER = `${ROOT}dist/screens`
/** A part of a name takes only the screens that have it: `npm run screens -- warning`. */
const [part = ''] = process.argv.slice(2)

const executablePath = findChromium()
if (!executablePath) throw new Error(`No Chromium found. Type: ${chromium.remedy}`)

await build({ root: ROOT, logLevel: 'warn' })
const { module: mock } = await runnerImport(`${ROOT}src/mock/vite.ts`, { root: ROOT, logLevel: 'warn' })
// The clocks of the mock backend and of the pages stand still together, so that two runs give equal pictures.
const begin = Date.UTC(2026, 2, 2, 9, 41)
let now = begin
const server = await preview({
  root: ROOT,
  configFile: false,
  logLevel: 'warn',
  plugins: [mock.stillhereMock({ now: () => now, printOutbox: () => {} })],
  build: { outDir: 'dist/demo' },
  preview: { host: '127.0.0.1', port: 0 },
})
const url = server.resolvedUrls.local[0]
const browser = await playwright.launch({ executablePath, args: chromium.args })

/** A page, and what its scene does with it. */
function stage(page) {
  const control = (path, body) =>
    fetch(`${url}__stillhere/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-stillhere-mock': '1' },
      body: JSON.stringify(body),
    })
  const part = (name) => page.locator(`[data-stillhere="${name}"]`)
  const self = {
    page,
    part,
    control,
    async pass(ms) {
      // What waits for the browser's database has a time limit, by the page's clock.
      await page.waitForTimeout(300)
      now += ms
      await page.clock.fastForward(ms)
    },
    async fill(username = 'analyst@example.com', password = 'bug#1') {
      await page.locator('form [name="username"]').fill(username)
      await page.locator('form [name="password"]').fill(password)
    },
    async signIn() {
      await self.fill()
      await part('submit').click()
      await page.getByRole('table').waitFor()
    },
    async warn(left = 107 * S) {
      await self.signIn()
      await self.pass(29 * MIN - left)
      await part('warning').waitFor()
    },
    async limit(left) {
      await self.signIn()
      await self.pass(3 * MIN - left)
    },
  }
  return self
}

const ECLIPSE = '?system=eclipse'
const LOCK = '?gate=lock'
const LIMIT = '?policy=short'

async function forgotten({ page, part }) {
  await page.locator('form [name="username"]').fill('analyst@example.com')
  await part('forgot').click()
  await part('notice').waitFor()
}

async function pinSent(on) {
  await forgotten(on)
  await on.page.locator('form [name="username"]').fill('analyst@example.com')
  await on.part('submit').click()
  await on.part('send-pin').waitFor()
}

async function lock(on) {
  await on.warn()
  await on.pass(2 * MIN)
  await on.part('lock').waitFor()
}

const SCENES = {
  login: ['', async () => {}],
  'login-wrong': [
    '',
    async ({ fill, part }) => {
      await fill('analyst@example.com', 'wrong')
      await part('submit').click()
      await part('problem').waitFor()
    },
  ],
  'login-unreachable': [
    '',
    async ({ fill, part, control }) => {
      await control('faults', { down: true })
      await fill()
      await part('submit').click()
      await part('problem').waitFor()
    },
  ],
  'login-waiting': [
    '',
    async ({ fill, part, control }) => {
      await control('faults', { status: 429, retryAfter: 30 })
      await fill()
      await part('submit').click()
      await part('problem').waitFor()
    },
  ],
  'ended-by-hand': [
    '',
    async ({ signIn, page, part }) => {
      await signIn()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await part('ended').waitFor()
      await page.getByText('revoked').waitFor()
    },
  ],
  'ended-idle': [
    '',
    async ({ warn, pass, part }) => {
      await warn()
      await pass(2 * MIN)
      await part('ended').waitFor()
    },
  ],
  'ended-limit': [
    LIMIT,
    async ({ limit, pass, part }) => {
      await limit(60 * S)
      await part('warning').waitFor()
      await pass(61 * S)
      await pass(10 * S)
      await part('ended').waitFor()
    },
  ],
  'password-forgotten': [ECLIPSE, forgotten],
  'password-pin': [ECLIPSE, pinSent],
  'password-changed': [
    ECLIPSE,
    async (on) => {
      await pinSent(on)
      const [{ text }] = (
        await (await fetch(`${url}__stillhere/outbox`, { headers: { 'x-stillhere-mock': '1' } })).json()
      ).slice(-1)
      await on.page.locator('form [name="pin"]').fill(/\d{4,}/.exec(text)[0])
      await on.page.locator('form [name="password"]').fill('A-longer-1-than-before!')
      await on.part('submit').click()
      await on.part('ended').waitFor()
    },
  ],
  'warning-asking': ['', ({ warn }) => warn()],
  'warning-hurry': ['', ({ warn }) => warn(17 * S)],
  'warning-staying': [
    '',
    async ({ warn, control, part }) => {
      await warn()
      await control('faults', { latency: 600_000 })
      await part('stay').click()
      await part('warning').and(part('warning').page().locator('[data-state="staying"]')).waitFor()
    },
  ],
  'warning-trouble': [
    '',
    async ({ warn, control, page, part }) => {
      await warn(48 * S)
      await control('faults', { down: true })
      await part('stay').click()
      await page.locator('[data-stillhere="warning"][data-state="trouble"]').waitFor()
    },
  ],
  'warning-final': [
    LIMIT,
    async ({ limit, part }) => {
      await limit(52 * S)
      await part('warning').waitFor()
    },
  ],
  'warning-german': ['?lang=de', ({ warn }) => warn()],
  'warning-rtl': ['?lang=ar-XB', ({ warn }) => warn()],
  'warning-forced-colours': ['', ({ warn }) => warn()],
  'warning-long-words': ['?lang=en-XA', ({ warn }) => warn(17 * S)],
  'login-german': ['?lang=de', async () => {}],
  'login-rtl': ['?lang=ar-XB', async () => {}],
  lock: [LOCK, lock],
  'lock-problem': [
    LOCK,
    async (on) => {
      await lock(on)
      await on.fill('analyst@example.com', 'wrong')
      await on.part('submit').click()
      await on.part('problem').waitFor()
    },
  ],
  console: ['', ({ signIn }) => signIn()],
}

rmSync(FOLDER, { recursive: true, force: true })
mkdirSync(FOLDER, { recursive: true })
const taken = []
for (const [name, [query, act]] of Object.entries(SCENES)) {
  if (!name.includes(part)) continue
  now = begin
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, timezoneId: 'UTC' })
  await context.clock.install({ time: now })
  await context.clock.pauseAt(now)
  const page = await context.newPage()
  const on = stage(page)
  await on.control('reset', {})
  await page.goto(url + query)
  await on.part('login').waitFor()
  await act(on)
  for (const [width, height] of Object.entries(WIDTHS))
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, forcedColors: name.includes('forced') ? 'active' : 'none' })
      await page.setViewportSize({ width: Number(width), height })
      const file = `${name}-${width}-${colorScheme}.png`
      const isTall = !/warning|lock/.test(name)
      await page.screenshot({ path: `${FOLDER}/${file}`, animations: 'disabled', caret: 'hide', fullPage: isTall })
      taken.push({ name, file, width })
    }
  console.log(name)
  await context.close()
}

const figures = Object.keys(SCENES).flatMap((name) => {
  const shown = taken.filter((one) => one.name === name)
  const images = shown.map(
    ({ file, width }) => `<img src="${file}" alt="${file}" data-width="${width}" loading="lazy">`,
  )
  return shown.length ? [`<section><h2>${name}</h2><div>${images.join('')}</div></section>`] : []
})
writeFileSync(
  `${FOLDER}/index.html`,
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Stillhere, every screen</title>
<style>
body { margin: 2rem; background: #8b9499; font: 1rem/1.5 sans-serif }
div { display: flex; flex-wrap: wrap; gap: 1rem; align-items: start }
img { block-size: 30rem; inline-size: auto; box-shadow: 0 1px 4px #0006 }
</style>${figures.join('\n')}</html>\n`,
)
console.log(`${taken.length} pictures: ${FOLDER}/index.html`)
await browser.close()
await server.close()
