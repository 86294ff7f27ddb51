// Compares the tables of sizes between <!-- sizes --> and <!-- /sizes --> with the budgets; `--write` sets both by what is measured.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const BUDGETS = '.size-limit.json'
const budgets = JSON.parse(readFileSync(BUDGETS, 'utf8'))
const isWriting = process.argv.includes('--write')

if (isWriting) {
  const { stdout, stderr } = spawnSync('npx', ['size-limit', '--json'], { encoding: 'utf8' })
  const measured = stdout && JSON.parse(stdout)
  if (!measured) throw new Error(stderr)
  // Room for a line or two: compressors do not round.
  for (const budget of budgets) {
    const { size } = measured.find(({ name }) => name === budget.name)
    budget.limit = `${(Math.ceil(size / 100 + 0.5) / 10).toFixed(1)} kB`
  }
  writeFileSync(BUDGETS, `[\n${budgets.map((budget) => `  ${JSON.stringify(budget)}`).join(',\n')}\n]\n`)
  spawnSync('npx', ['biome', 'format', '--write', BUDGETS])
}

const rows = budgets.map(({ name, limit }) => `| ${name} | ${limit} |`)
const table = ['| brotli, minified, without React | at most |', '| --- | ---: |', ...rows].join('\n')

const documents = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith('.md'),
)
let found = 0
for (const path of documents) {
  const text = readFileSync(path, 'utf8')
  const expected = text.replace(/(<!-- sizes -->\n).*?(<!-- \/sizes -->)/gs, (_, before, after) => {
    found++
    return `${before}\n${table}\n\n${after}`
  })
  if (isWriting) writeFileSync(path, expected)
  else if (text !== expected) {
    console.error(`${path}: the table of sizes is not what ${BUDGETS} says. Type: npm run sizes`)
    process.exitCode = 1
  }
}
if (!found) {
  console.error(
    'No document has a table of sizes: put one between <!-- sizes --> and <!-- /sizes -->, each on a line of its own.',
  )
  process.exitCode = 1
}
