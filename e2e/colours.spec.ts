import { wear } from './looks.ts'
import { reach, STATES } from './states.ts'
import { expect, test } from './world.ts'

// In forced colours axe sees the colours of words, and not the edges of things. Here they are measured.

/** What of ours has no edge, no readable words or no ring in the colours that are forced; with how many things were looked at. */
function unseen() {
  const found: string[] = []
  let looked = 0
  const parse = (colour: string) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g)!.map(Number) as [number, number, number, number?]
    return { rgb: [r, g, b] as const, a }
  }
  const luminance = (rgb: readonly number[]) => {
    const [r, g, b] = rgb.map((part) => {
      const share = part / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    }) as [number, number, number]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  type Rgb = readonly [number, number, number]
  const over = (colour: string, ground: Rgb): Rgb => {
    const { rgb, a } = parse(colour)
    return rgb.map((part, at) => a * part + (1 - a) * ground[at]!) as unknown as Rgb
  }
  const contrast = (colour: string, ground: Rgb) => {
    const [dark, light] = [luminance(over(colour, ground)), luminance(ground)].sort((a, b) => a - b) as [number, number]
    return (light + 0.05) / (dark + 0.05)
  }
  // Whatever the browser paints where nothing else is.
  const canvas: Rgb = matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255]
  const groundOf = (element: Element | null): Rgb =>
    element ? over(getComputedStyle(element).backgroundColor, groundOf(element.parentElement)) : canvas
  const check = (what: string, element: Element, isFine: boolean) => {
    looked++
    if (!isFine) found.push(`${what}: ${element.outerHTML.slice(0, 100)}`)
  }
  const all = (selector: string) =>
    [...document.querySelectorAll(selector)].filter(
      (element) => element.checkVisibility() && !element.closest('[inert]'),
    )
  const ours = (selector: string) =>
    all(`:is([data-stillhere="words"], [data-stillhere="warning"], [data-kept]) :is(${selector})`)

  const framed = ours('button:not([data-link], [data-stillhere="show-password"]), input')
  for (const element of [...framed, ...all('[data-stillhere="card"], dialog[data-stillhere="warning"]')]) {
    const style = getComputedStyle(element)
    for (const side of ['Top', 'Right', 'Bottom', 'Left'] as const) {
      const isDrawn = style[`border${side}Style`] !== 'none' && Number.parseFloat(style[`border${side}Width`]) >= 1
      check(
        `no edge (${side})`,
        element,
        isDrawn && contrast(style[`border${side}Color`], groundOf(element.parentElement)) >= 3,
      )
    }
  }
  for (const element of ours('[data-stillhere="problem"], [data-stillhere="ended"]')) {
    const { borderInlineStartWidth, borderInlineStartColor } = getComputedStyle(element)
    const isDrawn = Number.parseFloat(borderInlineStartWidth) >= 1
    check('no edge', element, isDrawn && contrast(borderInlineStartColor, groundOf(element)) >= 3)
  }
  for (const element of ours('[data-stillhere="show-password"]')) {
    const box = getComputedStyle(element, '::before')
    check('no box', element, contrast(box.borderTopColor, groundOf(element)) >= 3)
    const isFilled = contrast(box.backgroundColor, groundOf(element)) >= 3
    check('pressed or not', element, isFilled === (element.getAttribute('aria-pressed') === 'true'))
  }
  for (const element of ours('h1, h2, p, label, button, input')) {
    if (element.matches('[data-stillhere="spoken"]')) continue
    check('not to be read', element, contrast(getComputedStyle(element).color, groundOf(element)) >= 4.5)
  }
  for (const element of ours('button, input')) {
    ;(element as HTMLElement).focus()
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element)
    const isDrawn = outlineStyle === 'solid' && Number.parseFloat(outlineWidth) >= 2
    check('no ring', element, isDrawn && contrast(outlineColor, groundOf(element.parentElement)) >= 3)
  }
  return { found, looked }
}

const NAMES = [
  'login-password-shown',
  'login-wrong-password',
  'login-ended-idle',
  'new-password-pin-sent',
  'warning',
  'warning-trouble',
  'warning-final',
  'lock',
]

for (const state of STATES.filter(({ name }) => NAMES.includes(name))) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`in forced colours, ${colorScheme}, edges, words, rings and marks are seen: ${state.name}`, async ({
      world,
    }) => {
      const page = await reach(world, state)
      // From here on what has the focus shows it.
      await page.keyboard.press('Tab')
      await wear(page, { forcedColors: 'active', colorScheme })
      const { found, looked } = await page.evaluate(unseen)
      expect(found).toEqual([])
      expect(looked).toBeGreaterThan(10)
    })
  }
}
