import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** Asks for a line on the terminal and does not show what is typed; empty where nothing is entered. */
export function askHidden(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const readline = createInterface({ input: process.stdin, output: silent, terminal: true })
  // Standard output is the report's.
  process.stderr.write(question)
  return new Promise((resolve) => {
    const finish = (answer: string) => {
      // Before it is closed, which counts as no answer.
      resolve(answer)
      readline.close()
      process.stderr.write('\n')
    }
    readline.once('SIGINT', () => {
      finish('')
      process.exit(130)
    })
    readline.once('close', () => resolve(''))
    readline.question('', finish)
  })
}
