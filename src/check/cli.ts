import { readFileSync } from 'node:fs'
import { askHidden } from './ask.ts'
import { checkBackend } from './check.ts'
import { type Command, help, Misuse, readCommand } from './cli-options.ts'
import { formatReport } from './format.ts'

// The same from src/check and from dist/bin.
const packageFile = new URL('../../package.json', import.meta.url)

/** Breaks off at the first Ctrl-C, so that sessions are still signed out, and ends at the second. */
function stopOnSignals() {
  let stoppedBy: number | undefined
  const controller = new AbortController()
  const stop = (code: number) => () => {
    if (controller.signal.aborted) process.exit(code)
    console.error('stillhere-check: stopping, and signing out of what it opened …')
    stoppedBy = code
    controller.abort()
  }
  process.on('SIGINT', stop(130))
  process.on('SIGTERM', stop(143))
  return { signal: controller.signal, stoppedBy: () => stoppedBy }
}

async function check({ subject, options, json }: Extract<Command, { task: 'check' }>): Promise<void> {
  const { signal, stoppedBy } = stopOnSignals()
  if (process.stderr.isTTY) console.error('Checking …')
  const report = await checkBackend(subject, { ...options, signal })
  const color = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR
  console.log(json ? JSON.stringify(report, null, 2) : formatReport(report, { color }))
  process.exitCode = stoppedBy() ?? (report.failed ? 1 : 0)
}

async function main(args: readonly string[]): Promise<void> {
  const ask = process.stdin.isTTY && process.stderr.isTTY ? askHidden : undefined
  const command = await readCommand(args, { env: process.env, ask })
  if (command.task === 'check') await check(command)
  else console.log(command.task === 'help' ? help : JSON.parse(readFileSync(packageFile, 'utf8')).version)
}

// Whoever reads our output may be gone before us.
process.stdout.on('error', () => {})

main(process.argv.slice(2)).catch((error: Error) => {
  const isMisuse = error instanceof Misuse
  console.error(`stillhere-check: ${error.message}${isMisuse ? '\nType stillhere-check --help for the options.' : ''}`)
  process.exitCode = isMisuse ? 2 : 1
})
