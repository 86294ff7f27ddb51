import { partOf, reach, STATES } from './states.ts'
import { expect, type Page, test } from './world.ts'

// What screen readers are given of each state. The files in e2e/states are to be read: each is what one would hear.

/** Takes away what is the demo's own around the form. */
const onlyOurs = () => {
  for (const element of document.querySelectorAll('[data-stillhere="card"] > :not([data-stillhere="words"])'))
    element.remove()
}

/** Dialogs, fields, buttons with a state, regions that speak, and the focus, as Chromium tells them to assistive technology. */
async function told(page: Page): Promise<string> {
  const wire = await page.context().newCDPSession(page)
  const { nodes } = await wire.send('Accessibility.getFullAXTree')
  const states = ['modal', 'focused', 'live', 'atomic', 'busy', 'invalid', 'required', 'pressed', 'disabled']
  const isTold = (role: string) => /^(alertdialog|dialog|alert|status|textbox|button|heading|main)$/.test(role)
  const byId = new Map(nodes.map((node) => [node.nodeId, node]))
  const liveOf = ({ properties = [] }: (typeof nodes)[number]) =>
    properties.find(({ name }) => name === 'live')?.value.value as string | undefined
  const textOf = (node: (typeof nodes)[number]): string =>
    node.role?.value === 'StaticText'
      ? String(node.name?.value)
      : (node.childIds ?? [])
          .map((id) => byId.get(id))
          .map((child) => (child ? textOf(child) : ''))
          .join('')
  const lines = nodes
    .filter((node) => !node.ignored)
    .flatMap((node) => {
      const role = String(node.role?.value)
      const parent = node.parentId === undefined ? undefined : byId.get(node.parentId)
      const speaks = liveOf(node) !== undefined && liveOf(node) !== 'off' && (!parent || liveOf(parent) === undefined)
      if (!isTold(role) && !speaks) return []
      const has = (node.properties ?? [])
        .filter(({ name, value }) => states.includes(name) && value.value !== false && value.value !== 'false')
        .map(({ name, value }) => (value.value === true || value.value === 'true' ? name : `${name}=${value.value}`))
      const name = node.name?.value || (speaks ? textOf(node) : '')
      const description = node.description?.value
      return [
        [role, name && `"${name}"`, description && `(${description})`, has.length && `[${has.join(' ')}]`]
          .filter(Boolean)
          .join(' '),
      ]
    })
  return `${lines.join('\n')}\n`
}

for (const state of STATES.filter(({ name }) => name !== 'console')) {
  test(`what screen readers are given is what the files say: ${state.name}`, async ({ world }) => {
    const page = await reach(world, state)
    await page.evaluate(onlyOurs)
    const part = partOf(page, state)
    await expect(part).toMatchAriaSnapshot({ name: `${state.name}.aria.yml` })
    await expect.poll(() => told(page)).not.toBe('')
    expect(await told(page)).toMatchSnapshot(`${state.name}.told.txt`)
  })
}
