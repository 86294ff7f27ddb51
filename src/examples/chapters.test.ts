import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

test.each([
  ['policy.md', 'policy.ts'],
  ['events.md', 'opentelemetry.ts'],
  ['events.md', 'sentry.ts'],
  ['events.md', 'events-to-server.ts'],
])('docs/%s shows %s as it is', (chapter, example) => {
  expect(read(`../../docs/${chapter}`).includes(`\`\`\`ts\n${read(example)}\`\`\``)).toBe(true)
})
