// Compiles what package.json exports, file by file, into dist/lib: JavaScript that bundlers can drop parts of, and types.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const outDir = 'dist/lib'

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'))
const targets = Object.values(exports).map((target) => target.default ?? target)
const sourceOf = (target) => target.replace(`./${outDir}/`, 'src/').replace(/\.js$/, '.ts')
const isOurs = (target) => target.startsWith(`./${outDir}/`)

const { options } = ts.getParsedCommandLineOfConfigFile(
  'tsconfig.json',
  {},
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: report },
)
const program = ts.createProgram(targets.filter((target) => target.endsWith('.js')).map(sourceOf), {
  ...options,
  noEmit: false,
  noEmitOnError: true,
  outDir,
  rootDir: 'src',
  declaration: true,
  rewriteRelativeImportExtensions: true,
  // What is shipped must not find itself by its own name.
  paths: {},
})

function report(...diagnostics) {
  const host = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: ts.sys.getCurrentDirectory,
    getNewLine: () => '\n',
  }
  console.error(ts.formatDiagnostics(diagnostics, host))
  process.exit(1)
}

rmSync(outDir, { recursive: true, force: true })
// TypeScript rewrites the endings of imports in JavaScript alone; those in types are for compilers older than that, too.
const withEndings = (text) => text.replace(/(from |import\()(['"])(\.[^'"]+)\.tsx?\2/g, '$1$2$3.js$2')
const { diagnostics } = program.emit(undefined, (path, text) =>
  ts.sys.writeFile(path, path.endsWith('.d.ts') ? withEndings(text) : text),
)
const found = [...ts.getPreEmitDiagnostics(program), ...diagnostics]
if (found.length) report(...found)

for (const target of targets.filter((target) => isOurs(target) && !target.endsWith('.js'))) {
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(sourceOf(target), target)
  // Compilers that look up what is imported for its effects alone find something.
  writeFileSync(`${target}.d.ts`, 'export {}\n')
}
