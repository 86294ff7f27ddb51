import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const PRELUDE = join(ROOT, 'docs/prelude.d.ts')

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const DOCUMENTS = [
  ...['README.md', 'SECURITY.md', 'CONTRIBUTING.md'],
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((path) => `docs/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md') && !path.startsWith('docs/api/')),
].map((path) => ({ path, text: read(path) }))

interface Block {
  readonly path: string
  /** The line of the document at which its code begins, from 0. */
  readonly line: number
  readonly language: string
  /** What follows the language. */
  readonly info: string
  /** The file, and perhaps its region, that the comment above the block says it is. */
  readonly source: string | undefined
  readonly code: string
}

/** The fenced blocks of a document. */
function blocksOf({ path, text }: { path: string; text: string }): Block[] {
  const fences = /(?:^<!-- code: (\S+) -->\n+)?^( *)```(\w+)(?: +(.*))?\n([\s\S]*?)^\2```$/gm
  return [...text.matchAll(fences)].map((found) => {
    const [all, source, , language = '', info = '', code = ''] = found
    const line = text.slice(0, found.index + all.lastIndexOf(code, all.length - 3)).split('\n').length - 1
    return { path, line, language, info, source, code }
  })
}

const isCode = ({ language }: Block) => language === 'ts' || language === 'tsx'
const isCompiled = ({ info }: Block) => !info.startsWith('no-check')

/** The name that a block gives itself in its first line, as in `// session.ts`: other blocks of its document can import it. */
const nameOf = ({ code }: Block) => /^\/\/ ([\w.-]+\.tsx?)\b/.exec(code)?.[1]

/** What TypeScript says against these blocks, each taken as a module of its own below the root; all in one program. */
function problemsOf(blocks: readonly Block[]): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [PRELUDE] }, ts.sys, ROOT)
  const modules = new Map(
    blocks.map((block) => {
      const { path, line, language, code } = block
      const name = join(ROOT, path.replaceAll('/', '+'), nameOf(block) ?? `block-${line}.${language}`)
      // As many lines above it as in the document, so that errors name the line there.
      const text = '\n'.repeat(line) + code
      return [name, { path, text }]
    }),
  )
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (name) => modules.has(normalize(name)) || fileExists(name)
  const folders = new Set([...modules.keys()].map(dirname))
  const { directoryExists } = host
  host.directoryExists = (name) => folders.has(normalize(name)) || !!directoryExists?.(name)
  host.readFile = (name) => modules.get(normalize(name))?.text ?? readFile(name)
  host.getSourceFile = (name, how, ...rest) => {
    const text = modules.get(normalize(name))?.text
    return text === undefined ? getSourceFile(name, how, ...rest) : ts.createSourceFile(name, text, how, true)
  }
  const program = ts.createProgram({
    rootNames: [PRELUDE, ...modules.keys()],
    options: { ...options, moduleDetection: ts.ModuleDetectionKind.Force },
    host,
  })
  const files = [PRELUDE, ...modules.keys()].map((name) => program.getSourceFile(name)!)
  return files.flatMap((file) =>
    [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ start, messageText }) => {
        const { line } = file.getLineAndCharacterOfPosition(start ?? 0)
        const path = modules.get(normalize(file.fileName))?.path ?? 'docs/prelude.d.ts'
        return `${path}:${line + 1} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
      },
    ),
  )
}

/** What a file holds, or its part between `// #region name` and `// #endregion`. */
function sourceOf(source: string): string {
  const [path = '', region] = source.split('#')
  if (!region) return read(path)
  const found = new RegExp(`// #region ${region}\\n([\\s\\S]*?)\\n *// #endregion`).exec(read(path))
  if (!found) throw new Error(`${path} has no region ${region}.`)
  return `${found[1]}\n`
}

const BLOCKS = DOCUMENTS.flatMap(blocksOf)

const WRONG = {
  path: 'docs/wrong.md',
  text: `# A document
\`\`\`tsx
import { useSesion } from 'stillhere/react'
export const Name = () => <b>{useSesion()}</b>
\`\`\`
\`\`\`ts
import { createSession } from 'stillhere'
createSession({ backend, idleTimout: 60_000 })
\`\`\`
\`\`\`ts
session.signOut(
\`\`\``,
}

describe('the documents', () => {
  let problems: string[] = []
  // One program for all blocks, and for the wrong ones that show what it finds.
  beforeAll(() => {
    problems = problemsOf([...BLOCKS.filter(isCode).filter(isCompiled), ...blocksOf(WRONG)])
  }, 120_000)

  it('have code that compiles, every block of it', () => {
    expect(problems.filter((problem) => !problem.startsWith(WRONG.path))).toEqual([])
  })

  it('would be found out if a block had a wrong name, a wrong option or broken syntax', () => {
    const [name, option, syntax, ...more] = problems.filter((problem) => problem.startsWith(WRONG.path))
    expect(name).toMatch(/^docs\/wrong\.md:3 .*useSesion/)
    expect(option).toMatch(/^docs\/wrong\.md:8 .*idleTimout/)
    expect(syntax).toMatch(/^docs\/wrong\.md:12 /)
    expect(more).toEqual([])
  })

  it('leave a block unchecked only for a reason', () => {
    const unchecked = BLOCKS.filter(isCode).filter((block) => !isCompiled(block))
    expect(unchecked.filter(({ info }) => !/^no-check: \w.+/.test(info))).toEqual([])
  })

  it.each(BLOCKS.filter(({ source }) => source))('show $source as it is, in $path', ({ source, code }) => {
    expect(code).toBe(sourceOf(source!))
  })

  it('link to and show what is there', () => {
    const broken = DOCUMENTS.flatMap(({ path, text }) =>
      [
        ...text.matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g),
        ...text.matchAll(/\bsrc(?:set)?="(?!\w+:)([^"]+)"/g),
      ].flatMap(([link, to = '', anchor]) => {
        const target = to === '' ? path : join(dirname(path), to)
        if (!existsSync(join(ROOT, target))) return [`${path}: ${link}`]
        return anchor && target.endsWith('.md') && !anchorsOf(read(target)).includes(anchor) ? [`${path}: ${link}`] : []
      }),
    )
    expect(broken).toEqual([])
  })

  it('name files and commands that are there', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const places = [...readdirSync(join(ROOT, 'src')), 'src', 'e2e', 'bench', 'docs', '.ci']
    const names = new RegExp(`\`((?:${places.join('|').replaceAll('.', '\\.')})/[\\w./-]*)\``, 'g')
    const missing = DOCUMENTS.flatMap(({ path, text }) => [
      ...[...text.matchAll(names)].filter(([, name]) => !isThere(name!)).map(([, name]) => `${path}: ${name}`),
      ...[...text.matchAll(/npm run (?:-s )?(\w[\w:]*\w)/g)]
        .filter(([, script]) => !(script! in scripts))
        .map(([, script]) => `${path}: npm run ${script}`),
    ])
    expect(missing).toEqual([])
  })
})

/** Whether that is a file or folder, also where a test is called by its room and name alone. */
const isThere = (name: string) =>
  [
    name,
    `src/${name}`,
    `${name}.spec.ts`,
    `src/${name}.test.ts`,
    `src/${name}.test.tsx`,
    `src/${name}.long.test.ts`,
  ].some((path) => existsSync(join(ROOT, path)))

/** The anchors that GitHub gives to the headings of a document. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
