import type { Page } from './world.ts'

// Whether all of a screen can be read and reached, however small the window and however large the words.

/** What of ours stands out at the sides, is cut, or is too small to be pressed; and whether the page scrolls sideways. */
export const lost = (page: Page, least = { ours: 44, any: 24 }) =>
  page.evaluate((least) => {
    const found = new Set<string>()
    const tell = (what: string, element: Element) => found.add(`${what}: ${element.outerHTML.slice(0, 100)}`)
    const root = document.documentElement
    if (root.scrollWidth > innerWidth) tell('scrolls sideways', root)
    const parts = '[data-stillhere="warning"], [data-stillhere="lock"], [data-stillhere="login"]'
    // For screen readers alone, or with the browser's own ways to show more than fits.
    const apart = '[data-stillhere="spoken"], option, [data-stillhere="gate"] *'
    for (const element of document.querySelectorAll(`:is(${parts}), :is(${parts}) *`)) {
      if (!element.checkVisibility() || element.matches(apart)) continue
      const { left, right, width, height } = element.getBoundingClientRect()
      const { overflowY, display } = getComputedStyle(element)
      if (left < -1 || right > innerWidth + 1) tell('stands out', element)
      const isField = element.matches('input, select')
      const isBox = display !== 'inline' && !isField
      if (isBox && element.scrollWidth > element.clientWidth + 1) tell('is wider than its box', element)
      const isScrolled = overflowY === 'auto' || overflowY === 'scroll'
      if (isBox && !isScrolled && element.scrollHeight > element.clientHeight + 2)
        tell('is higher than its box', element)
      if (!element.matches('button, input, select, a')) continue
      // Links in a sentence may be as high as its lines (SC 2.5.8).
      if (display === 'inline') continue
      const isOurs = element.closest('[data-stillhere="words"], [data-stillhere="warning"], [data-kept]')
      const isSmall =
        element.matches('[data-link], [data-stillhere="show-password"]') && !matchMedia('(pointer: coarse)').matches
      const wanted = isOurs && !isSmall ? least.ours : least.any
      if (Math.round(width) < wanted || Math.round(height) < wanted) tell(`is smaller than ${wanted} px`, element)
    }
    return [...found]
  }, least)

/** The texts of ours that no scrolling brings whole into the window. */
export const unread = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = []
    const texts =
      ':is([data-stillhere="words"], [data-kept], [data-stillhere="warning"]) :is(h1, h2, p:not([data-stillhere="spoken"]), label, button)'
    for (const element of document.querySelectorAll(texts)) {
      if (!element.checkVisibility() || !element.textContent?.trim()) continue
      const range = document.createRange()
      range.selectNodeContents(element)
      // Line by line: a long text may be higher than a low window.
      for (const at of [...range.getClientRects()].keys()) {
        element.scrollIntoView({ block: at ? 'end' : 'start' })
        // Where the direction turns there may be a line without any width.
        if (range.getClientRects()[at]!.width < 1) continue
        const middle = () => {
          const { left, top, width, height } = range.getClientRects()[at]!
          return { x: left + width / 2, y: top + height / 2 }
        }
        const scroller = element.closest('dialog') ?? document.documentElement
        scroller.scrollBy({ top: middle().y - innerHeight / 2, behavior: 'instant' })
        const { x, y } = middle()
        const top = document.elementFromPoint(x, y)
        if (!element.contains(top)) found.push(`${element.textContent} (line ${at + 1})`)
      }
    }
    return found
  })

/** Goes through all that can be focused by Tab, and tells what is not reached, or is out of sight when it is (SC 2.4.11). */
export async function untabbed(page: Page): Promise<string[]> {
  const begin = () => {
    const scope = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document
    const controls = [...scope.querySelectorAll('button, input, select, a[href]')].filter(
      (element) => element.checkVisibility() && !element.closest('[inert]'),
    )
    Object.assign(window, { controls: new Set(controls) })
    return controls.length
  }
  const step = () => {
    const { controls } = window as unknown as { controls: Set<Element> }
    const focused = document.activeElement!
    if (!controls.delete(focused)) return null
    const { left, top, right, bottom, height } = focused.getBoundingClientRect()
    // A link may go on in another line: the middle of both is beside it.
    const line = focused.getClientRects()[0]!
    // To the pixel.
    const isIn =
      left >= -1 && right <= innerWidth + 1 && top >= -1 && (bottom <= innerHeight + 1 || height > innerHeight)
    const hit = document.elementFromPoint(line.left + line.width / 2, line.top + line.height / 2)
    const isSeen = isIn && focused.contains(hit)
    const at = [left, top, right, bottom].map(Math.round)
    return isSeen
      ? null
      : `out of sight at ${at}, under ${hit?.outerHTML.slice(0, 60)}: ${focused.outerHTML.slice(0, 100)}`
  }
  const count = await page.evaluate(begin)
  const found: string[] = []
  for (let presses = 0; presses < count + 3; presses++) {
    await page.keyboard.press('Tab')
    const hidden = await page.evaluate(step)
    if (hidden) found.push(hidden)
  }
  const rest = () =>
    [...(window as unknown as { controls: Set<Element> }).controls].map(
      (element) => `not reached: ${element.outerHTML.slice(0, 100)}`,
    )
  return [...found, ...(await page.evaluate(rest))]
}
