import { readFileSync } from 'node:fs'

const { exports } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))

/** The reference of every public name, made from the docstrings: `npm run docs:api`. */
export default {
  plugin: ['typedoc-plugin-markdown'],
  entryPoints: Object.values(exports)
    .map((target) => target.default ?? target)
    .filter((path) => path.endsWith('.js'))
    .map((path) => path.replace('./dist/lib/', 'src/').replace(/js$/, 'ts')),
  name: 'stillhere',
  readme: 'none',
  router: 'module',
  excludeExternals: true,
  disableSources: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  expandParameters: true,
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  requiredToBeDocumented: ['Variable', 'Function', 'Class', 'Interface', 'TypeAlias'],
  // Lists that types are made of; what the types allow is written out.
  intentionallyNotExported: ['catalogue', 'UNITS', 'malformations', 'systemNames', 'Typed', 'SessionCore'],
  treatValidationWarningsAsErrors: true,
}
