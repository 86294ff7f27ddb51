import { launch, type Page } from 'puppeteer-core'
import { buttonOf, type Engine, fieldOf, type Tab } from './engine.ts'
import { programsOf } from './programs.mjs'

/** Firefox, driven by WebDriver BiDi. */
export async function startFirefox(): Promise<Engine> {
  const executablePath = programsOf('firefox').firefox!
  const browser = await launch({ browser: 'firefox', executablePath, headless: true })
  return {
    async open(url) {
      const page = await browser.newPage()
      await page.goto(url)
      return toTab(page)
    },
    close: () => browser.close(),
  }
}

const toTab = (page: Page): Tab => ({
  show: () => page.bringToFront(),
  type: (label, text) => page.type(`xpath/${fieldOf(label)}`, text),
  click: (button) => page.click(`xpath/${buttonOf(button)}`),
  press: (key) => page.keyboard.press(key),
  evaluate: <T>(expression: string) => page.evaluate(expression) as Promise<T>,
})
