// Native ES modules: nothing is transformed.
export default {
  testEnvironment: 'jsdom',
  testMatch: ['<rootDir>/*.jest.mjs'],
  moduleFileExtensions: ['js', 'mjs', 'json'],
  transform: {},
}
