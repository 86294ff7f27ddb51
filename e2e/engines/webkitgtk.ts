import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { Builder, By, Key, type WebDriver } from 'selenium-webdriver'
import { answers, freePort } from '../server.ts'
import { buttonOf, type Engine, fieldOf, type Tab } from './engine.ts'
import { programsOf } from './programs.mjs'

const KEYS = { Enter: Key.ENTER, Escape: Key.ESCAPE, Shift: Key.SHIFT, Tab: Key.TAB }

/** WebKitGTK in its own small browser, driven by WebDriver on a screen that nobody sees. */
export async function startWebKitGtk(): Promise<Engine> {
  const { WebKitWebDriver, Xvfb } = programsOf('webkitgtk')
  const started: ChildProcess[] = []
  const stop = () => {
    for (const program of started.reverse()) program.kill()
  }
  try {
    const screen = spawn(Xvfb!, ['-displayfd', '3', '-nolisten', 'tcp', '-screen', '0', '1280x900x24'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    started.push(screen)
    const [display] = await once(screen.stdio[3] as Readable, 'data')
    const port = await freePort()
    const env = { ...process.env, DISPLAY: `:${String(display).trim()}` }
    const server = spawn(WebKitWebDriver!, [`--port=${port}`], { stdio: 'ignore', env })
    started.push(server)
    const url = `http://127.0.0.1:${port}`
    await answers(`${url}/status`, server)
    const driver = await new Builder().usingServer(url).withCapabilities({ browserName: 'MiniBrowser' }).build()
    return {
      open: (url) => open(driver, url),
      close: () => driver.quit().finally(stop),
    }
  } catch (error) {
    stop()
    throw error
  }
}

async function open(driver: WebDriver, url: string): Promise<Tab> {
  // The browser begins with one tab, and nothing in it.
  if ((await driver.getCurrentUrl()) !== 'about:blank') await driver.switchTo().newWindow('tab')
  await driver.get(url)
  return toTab(driver, await driver.getWindowHandle())
}

function toTab(driver: WebDriver, handle: string): Tab {
  // From then on the driver speaks to this tab; the one that was opened first stays in view.
  const show = () => driver.switchTo().window(handle)
  return {
    show,
    async type(label, text) {
      await show()
      await driver.findElement(By.xpath(fieldOf(label))).sendKeys(text)
    },
    async click(button) {
      await show()
      await driver.findElement(By.xpath(buttonOf(button))).click()
    },
    async press(key) {
      await show()
      await driver.actions().sendKeys(KEYS[key]).perform()
    },
    async evaluate(expression) {
      await show()
      return driver.executeScript(`return ${expression}`)
    },
  }
}
