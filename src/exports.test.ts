import { existsSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, test } from 'vitest'

const { exports, dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string | { default: string }>
  dependencies: object
  peerDependencies: object
}
const targets = Object.entries(exports).flatMap(([entry, target]) => {
  const path = typeof target === 'string' ? target : target.default
  return path.endsWith('.js') ? [{ entry, source: path.replace('./dist/lib/', 'src/').replace(/js$/, 'ts') }] : []
})

const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.')
const program = ts.createProgram(
  targets.map(({ source }) => source),
  options,
)
const checker = program.getTypeChecker()

/** The names of an entry, and which of them are types alone. */
const namesOf = (source: string): string[] =>
  checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(source)!)!)
    .map((symbol) => {
      const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
      return flags & ts.SymbolFlags.Value ? symbol.name : `type ${symbol.name}`
    })
    .sort()

test('the names that the entries export are these and no others', async () => {
  const list = targets.map(({ entry, source }) =>
    [entry.replace('.', 'stillhere'), ...namesOf(source).map((name) => `  ${name}`)].join('\n'),
  )
  // Meant to change? Then `npx vitest run src/exports.test.ts -u`, and a line in CHANGELOG.md.
  await expect(`${list.join('\n\n')}\n`).toMatchFileSnapshot('./exports.txt')
})

test('what the entries import, and where its types come from, is a dependency or a peer: pnpm puts nothing else beside', () => {
  const imported = program
    .getSourceFiles()
    .filter(({ fileName }) => !fileName.includes('node_modules'))
    .flatMap(({ text }) => ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName))
    .filter((name) => !/^(\.|node:)/.test(name))
    .map((name) => name.match(/^(@[^/]+\/)?[^/]+/)![0])
  const wanted = [...new Set(imported)].flatMap((name) =>
    existsSync(`node_modules/@types/${name}`) ? [name, `@types/${name}`] : [name],
  )
  expect(wanted).toContain('react')
  expect(Object.keys({ ...dependencies, ...peerDependencies })).toEqual(expect.arrayContaining(wanted))
})
