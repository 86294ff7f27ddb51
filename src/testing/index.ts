export type { Beginning } from './beginning.ts'
export type { TestFetch, TestRequest } from './request.ts'
export type { TestAccount, TestPerson } from './test-backend.ts'
export { createTestSession, createTestWorld } from './test-world.ts'
export type {
  TestSession,
  TestSessionManager,
  TestSessionOptions,
  TestTabOptions,
  TestWorld,
  TestWorldOptions,
} from './types.ts'
