import { expect, test } from 'vitest'
import { createOutbox } from './outbox.ts'

test('the last thousand messages are kept', () => {
  const outbox = createOutbox(() => 0)
  for (let i = 0; i < 1002; i++) outbox.send({ phone: '+12025550107', username: 'ana' }, String(i))
  expect(outbox.list().map(({ pin }) => pin)).toEqual(Array.from({ length: 1000 }, (_, i) => String(i + 2)))
})
