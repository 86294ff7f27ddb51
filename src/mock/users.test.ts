import { expect, test } from 'vitest'
import { createMockBackend, demoUsers } from './index.ts'
import { toAccount } from './users.ts'

test('a user needs no more than an id, a name and a password', () => {
  expect(toAccount({ userId: 42, username: 'ana.lopez@example.com', password: 'secret' })).toEqual({
    userId: 42,
    username: 'ana.lopez@example.com',
    displayName: 'Ana Lopez',
    roles: ['USER'],
    phone: '+12025550142',
    customerId: '100042',
    tenantId: '1',
  })
})

test.each([
  ['ana', 'Ana'],
  ['@', '@'],
  ['jean-luc_p', 'Jean Luc P'],
])('%s is greeted as %s', (username, displayName) => {
  expect(toAccount({ userId: 1, username, password: '' }).displayName).toBe(displayName)
})

test('what a user is given is kept', () => {
  const given = { displayName: 'A.', roles: ['A', 'B'], phone: '+1', customerId: 'C', tenantId: 'T' }
  expect(toAccount({ userId: 1, username: 'ana', password: 'secret', ...given })).toEqual({
    userId: 1,
    username: 'ana',
    ...given,
  })
})

test('no two users share a name, an id or a customer id', () => {
  const ana = { userId: 1, username: 'ana', password: 'secret' }
  for (const [key, change] of [
    ['userId', { username: 'ben' }],
    ['username', { userId: 2 }],
    ['customerId', { userId: 2, username: 'ben', customerId: '100001' }],
  ] as const) {
    expect(() => createMockBackend({ users: [ana, { ...ana, ...change }] })).toThrow(`users: two share one ${key}`)
  }
})

test('the users of the demo have the names, ids and passwords of the documents', () => {
  expect(demoUsers.map(({ userId, username, password }) => [userId, username, password])).toEqual([
    [7, 'analyst@example.com', 'bug#1'],
    [8, 'lead@example.com', 'bug#2'],
  ])
})
