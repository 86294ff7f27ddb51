type Fetch = (input: string, init: RequestInit) => Promise<Response>

type Part = { text: string } | { variable: string } | { command: string }

/** What a script wrote, the answers its curl calls got, oldest first, and its variables at the end. */
export type Ran = { stdout: string; answers: Response[]; variables: Record<string, string> }

function closingParenthesis(script: string, from: number): number {
  let quote = ''
  for (let i = from, depth = 1; i < script.length; i++) {
    const char = script[i]!
    if (char === '\\' && quote !== "'") i++
    else if (quote) quote = char === quote ? '' : quote
    else if (char === '"' || char === "'") quote = char
    else if (char === '(') depth++
    else if (char === ')' && --depth === 0) return i
  }
  throw new Error('the script has a $( without its )')
}

/** A script as lines of pipelines of words, quotes and continuations resolved as a POSIX shell does (§2.2). */
function parse(script: string): Part[][][][] {
  const lines: Part[][][][] = [[[]]]
  let word: Part[] | undefined
  const put = (part: Part) => (word ??= []).push(part)
  const endWord = () => {
    if (word) lines.at(-1)!.at(-1)!.push(word)
    word = undefined
  }
  let quote = ''
  for (let i = 0; i < script.length; i++) {
    const char = script[i]!
    const rest = script.slice(i)
    const variable = /^\$(?:\{(\w+)\}|(\w+))/.exec(rest)
    if (quote === "'" && char !== "'") put({ text: char })
    else if (char === '\\' && script[i + 1] === '\n') i++
    else if (char === '\\' && (!quote || /["\\$`]/.test(script[i + 1] ?? ''))) put({ text: script[++i]! })
    else if (quote ? char === quote : char === '"' || char === "'") {
      put({ text: '' })
      quote = quote ? '' : char
    } else if (rest.startsWith('$(')) {
      const end = closingParenthesis(script, i + 2)
      put({ command: script.slice(i + 2, end) })
      i = end
    } else if (variable) {
      put({ variable: (variable[1] ?? variable[2])! })
      i += variable[0].length - 1
    } else if (quote) put({ text: char })
    else if (char === '#' && !word) i += rest.indexOf('\n') < 0 ? rest.length : rest.indexOf('\n') - 1
    else if (char === '\n') {
      endWord()
      lines.push([[]])
    } else if (char === '|') {
      endWord()
      lines.at(-1)!.push([])
    } else if (char === ' ' || char === '\t') endWord()
    else put({ text: char })
  }
  endWord()
  if (quote) throw new Error(`the script has a ${quote} without its other`)
  return lines.filter(([command]) => command!.length > 0)
}

function readCurl(words: string[]): { url: string; init: RequestInit; withHeaders: boolean } {
  const headers = new Headers({ Accept: '*/*' })
  let [url, method, body, withHeaders] = ['', '', undefined as string | undefined, false]
  const rest = words.flatMap((word) =>
    /^-[skvi]{2,}$/.test(word) ? [...word.slice(1)].map((flag) => `-${flag}`) : [word],
  )
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!
    const value = () => rest[++i] ?? ''
    if (word === '-X' || word === '--request') method = value()
    else if (word === '-d' || word === '--data') body = value()
    else if (word === '--url') url = value()
    else if (word === '-i' || word === '--include') withHeaders = true
    else if (word === '-H' || word === '--header') {
      const header = value()
      const colon = header.indexOf(':')
      headers.set(header.slice(0, colon), header.slice(colon + 1).trim())
    } else if (word.startsWith('-')) {
      if (!['-s', '-k', '-v', '--insecure', '--silent', '--verbose'].includes(word))
        throw new Error(`curl: what is ${word}?`)
    } else url = word
  }
  if (body !== undefined && !headers.has('content-type')) {
    headers.set('Content-Type', 'application/x-www-form-urlencoded')
  }
  method ||= body === undefined ? 'GET' : 'POST'
  return { url, withHeaders, init: { method, headers, ...(body === undefined ? {} : { body }) } }
}

/** Runs a script of assignments, `curl`, `jq -r .field`, `echo`, pipes and `$(…)`, its curl calls through `fetch`. */
export async function runShell(fetch: Fetch, script: string, variables: Record<string, string> = {}): Promise<Ran> {
  const answers: Response[] = []

  async function expand(word: Part[]): Promise<string> {
    let text = ''
    for (const part of word) {
      if ('text' in part) text += part.text
      else if ('variable' in part) text += variables[part.variable] ?? ''
      else text += (await run(part.command)).replace(/\n+$/, '')
    }
    return text
  }

  async function call(command: string, words: string[], stdin: string): Promise<string> {
    if (command === 'echo') return `${words.join(' ')}\n`
    if (command === 'jq') {
      const [, field] = /^\.(\w+)$/.exec(words.at(-1) ?? '') ?? []
      if (words[0] !== '-r' || !field) throw new Error(`jq: what is ${words.join(' ')}?`)
      return `${JSON.parse(stdin)[field]}\n`
    }
    if (command !== 'curl') throw new Error(`there is no command ${command}`)
    const { url, init, withHeaders } = readCurl(words)
    const answer = await fetch(url, init)
    answers.push(answer.clone())
    const head = [`HTTP/1.1 ${answer.status}`, ...Array.from(answer.headers, ([name, value]) => `${name}: ${value}`)]
    return (withHeaders ? `${head.join('\r\n')}\r\n\r\n` : '') + (await answer.text())
  }

  async function run(text: string): Promise<string> {
    let stdout = ''
    for (const pipeline of parse(text)) {
      let stdin = ''
      for (const command of pipeline) {
        const words: string[] = []
        for (const word of command) words.push(await expand(word))
        const [name = '', ...rest] = words
        const assigned = /^(\w+)=(.*)$/s.exec(name)
        if (assigned) variables[assigned[1]!] = assigned[2]!
        stdin = assigned ? '' : await call(name, rest, stdin)
      }
      stdout += stdin
    }
    return stdout
  }

  return { stdout: await run(script), answers, variables }
}
