import AxeBuilder from '@axe-core/playwright'
import type { Page } from './world.ts'

type Media = Parameters<Page['emulateMedia']>[0]

/** How people may have set their system, light and dark. */
export const LOOKS: readonly (readonly [name: string, media: Media])[] = (['light', 'dark'] as const).flatMap(
  (colorScheme) =>
    Object.entries({
      '': {},
      ', forced colours': { forcedColors: 'active' },
      ', reduced motion': { reducedMotion: 'reduce' },
      ', more contrast': { contrast: 'more' },
    } as const).map(([name, media]) => [
      colorScheme + name,
      {
        colorScheme,
        forcedColors: 'none',
        reducedMotion: 'no-preference',
        contrast: 'no-preference',
        ...media,
      } as const,
    ]),
)

/** Puts a look on, and waits until no colour is on its way from the last one. */
export async function wear(page: Page, media: Media): Promise<void> {
  await page.emulateMedia(media)
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
        .map((animation) => animation.finished),
    ),
  )
}

// All that axe knows to WCAG 2.2 A and AA, and what it counts among best practices and experiments besides.
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice', 'experimental']
/** What axe can not decide: it says where content is hidden, and gives up on colours that something else lies partly on. */
const UNDECIDED = ['hidden-content', 'color-contrast']

/** What axe finds, and what it can not make sense of; time must not stand still, or it never ends. */
export async function scan(page: Page): Promise<string[]> {
  const { violations, incomplete, passes } = await new AxeBuilder({ page }).withTags(TAGS).analyze()
  if (!passes.some(({ id }) => id === 'target-size')) throw new Error('axe did not look at the size of targets')
  return [...violations, ...incomplete.filter(({ id }) => !UNDECIDED.includes(id))].map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(', ')}`,
  )
}
