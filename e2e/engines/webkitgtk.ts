import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { Builder, By, Key, type WebDriver } from 'selenium-webdriver'
import { freePort } from '../server.ts'
import { buttonOf, type Engine, fieldOf, type Tab } from './engine.ts'
import { findPrograms } from './programs.mjs'

const KEYS = { Enter: Key.ENTER, Escape: Key.ESCAPE, Shift: Key.SHIFT, Tab: Key.TAB }

/** WebKitGTK's own small browser, driven by WebDriver on a screen that nobody sees. */
export async function startWebKitGtk(): Promise<Engine> {
  const { WebKitWebDriver, Xvfb } = findPrograms().webkitgtk
  const screen = spawn(Xvfb!, ['-displayfd', '3', '-nolisten', 'tcp', '-screen', '0', '1280x900x24'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const [display] = await once(screen.stdio[3] as Readable, 'data')
  const port = await freePort()
  const server = spawn(WebKitWebDriver!, [`--port=${port}`], {
    stdio: 'ignore',
    env: { ...process.env, DISPLAY: `:${String(display).trim()}` },
  })
  const url = `http://127.0.0.1:${port}`
  await answers(`${url}/status`, server)
  const driver = await new Builder().usingServer(url).withCapabilities({ browserName: 'MiniBrowser' }).build()
  let isFirst = true
  return {
    async open(url) {
      if (!isFirst) await driver.switchTo().newWindow('tab')
      isFirst = false
      await driver.get(url)
      return toTab(driver, await driver.getWindowHandle())
    },
    async close() {
      await driver.quit()
      server.kill()
      screen.kill()
    },
  }
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  while (server.exitCode === null && !(await fetch(url).catch(() => null))?.ok)
    await new Promise((resolve) => setTimeout(resolve, 50))
}

function toTab(driver: WebDriver, handle: string): Tab {
  const shown = () => driver.switchTo().window(handle)
  return {
    async type(label, text) {
      await shown()
      await driver.findElement(By.xpath(fieldOf(label))).sendKeys(text)
    },
    async click(button) {
      await shown()
      await driver.findElement(By.xpath(buttonOf(button))).click()
    },
    async press(key) {
      await shown()
      await driver.actions().sendKeys(KEYS[key]).perform()
    },
    async evaluate(expression) {
      await shown()
      return driver.executeScript(`return ${expression}`)
    },
  }
}
