// The house plan as rules: arrows go one way, type imports included, and never in circles.
const rooms = [
  'core',
  'browser',
  'backends',
  'react',
  'panel',
  'mock',
  'check',
  'testing',
  'frame',
  'simulation',
  'examples',
  'demo',
  'panel',
]
const only = (from, to, packages) => ({
  name: `${from}-keeps-to-its-arrows`,
  severity: 'error',
  from: { path: `^src/${from}/`, pathNot: '(\\.test|/(scene|fixture)[a-z-]*)\\.tsx?$' },
  to: {
    pathNot: [`^src/${from}/`, ...to, ...packages.map((name) => `node_modules/${name}/`), '\\.css$'],
    dependencyTypesNot: ['core'],
  },
})

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('core', [], ['zustand']),
    only('browser', ['^src/core/(types|errors)\\.ts$'], ['idb-keyval']),
    only('backends', ['^src/core/(types|errors|secret)\\.ts$'], ['jwt-decode']),
    only(
      'react',
      ['^src/core/(types|errors|session|parking)\\.ts$'],
      ['zustand', 'react', 'react-dom', '@types/react'],
    ),
    // A tool that looks at sessions: it draws nothing that the components draw, and needs no page to record.
    only('panel', ['^src/core/(types|session|events|policy)\\.ts$'], ['zustand', 'react', '@types/react']),
    // The wire is the contract: the mock knows nothing of ours.
    only('mock', [], ['hono', 'jose', 'valibot', '@hono/node-server', 'vite', '(@redis|redis)']),
    // All else runs in a page too.
    {
      name: 'node-stays-in-its-files',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '^src/mock/(cli|cli-options|fixture-cli|fixture-redis|fixture-socket|node|redis|serve|users-file|vite)\\.ts$',
          '^src/check/(ask|cli|cli-options)\\.ts$',
          '^src/simulation/(main|plant)\\.ts$',
          '\\.test\\.tsx?$',
        ],
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'redis-is-optional',
      severity: 'error',
      from: { path: '^src/mock/', pathNot: ['^src/mock/(redis|cli)\\.ts$', '\\.test\\.ts$'] },
      to: { path: ['^src/mock/redis\\.ts$', 'node_modules/(@redis|redis)/'] },
    },
    only('check', ['^src/core/(types|errors|secret|call)\\.ts$', '^src/backends/'], []),
    only('testing', ['^src/core/', '^src/browser/(authorize|origins)\\.ts$'], []),
    only(
      'simulation',
      ['^src/(testing|core|backends|mock)/', '^src/browser/lease\\.ts$'],
      ['fast-check', 'jose', 'esbuild'],
    ),
    only('frame', ['^src/core/types\\.ts$', '^src/browser/(activity|origins)\\.ts$'], []),
    {
      name: 'examples-use-what-users-have',
      severity: 'error',
      from: { path: '^src/examples/', pathNot: '\\.test\\.tsx?$' },
      to: {
        path: '^src/',
        pathNot: ['^src/index\\.ts$', '^src/[a-z]+/index\\.ts$', '^src/mock/vite\\.ts$', '^src/examples/', '\\.css$'],
      },
    },
    {
      name: 'nobody-needs-the-examples',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/examples/' },
      to: { path: '^src/examples/' },
    },
    only(
      'demo',
      ['^src/index\\.ts$', '^src/(react|panel)/', '^src/mock/'],
      ['react', 'react-dom', '@types/react', '@types/react-dom', 'idb-keyval'],
    ),
    // With a server by network there is none in the bundle.
    {
      name: 'only-the-static-demo-has-a-server',
      severity: 'error',
      from: { path: '^src/demo/', pathNot: ['^src/demo/static/', '\\.test\\.ts$'] },
      to: { path: ['^src/mock/', '^src/demo/static/', 'node_modules/idb-keyval/'] },
    },
    {
      name: 'tests-end-to-end-only-drive-pages',
      severity: 'error',
      from: { path: '^e2e/' },
      to: { path: '^src/' },
    },
    {
      name: 'nobody-needs-the-bench',
      severity: 'error',
      from: { pathNot: '^bench/' },
      to: { path: '^bench/' },
    },
    {
      name: 'no-room-outside-the-plan',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: rooms.map((room) => `^src/${room}/`) },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // Apps in folders of their own, once they are installed.
    exclude: { path: '^e2e/package/(apps|jest)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
}
