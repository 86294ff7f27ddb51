/** As many as there are connections, so that no two sign in by the same name at once. */
export const users = Array.from({ length: 16 }, (_, i) => ({
  userId: i + 1,
  username: `analyst${i + 1}@example.com`,
  password: `bug#${i + 1}`,
}))
