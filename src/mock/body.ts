import * as v from 'valibot'
import { Problem } from './problem.ts'

const MAX_BODY_BYTES = 65_536

function decode(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined })
  } catch {
    throw new Problem(400, 'The body is not UTF-8 text.')
  }
}

const tooLarge = () => new Problem(413, `The body is larger than ${MAX_BODY_BYTES} bytes.`)

type Reader = Pick<ReadableStreamDefaultReader<Uint8Array>, 'read'>

async function readChunk(reader: Reader) {
  try {
    return await reader.read()
  } catch {
    throw new Problem(400, 'The body broke off.')
  }
}

/** The body chunk by chunk; undefined without one. */
function readerOf(request: Request): Reader | undefined {
  if (request.body !== undefined) return request.body?.getReader()
  // In Firefox requests have no stream: the body is read as a whole.
  let isRead = false
  return {
    async read() {
      if (isRead) return { done: true, value: undefined }
      isRead = true
      return { done: false, value: new Uint8Array(await request.arrayBuffer()) }
    },
  }
}

/** The body of a request as text; throws a Problem: 413 over 64 KiB, 400 if it is not UTF-8 or breaks off. */
export async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get('content-length')) > MAX_BODY_BYTES) throw tooLarge()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reader = readerOf(request)
  let text = ''
  let size = 0
  while (reader) {
    const { done, value } = await readChunk(reader)
    if (done) break
    size += value.byteLength
    // Not cancelled: over HTTP that would close the socket before the answer is out.
    if (size > MAX_BODY_BYTES) throw tooLarge()
    text += decode(decoder, value)
  }
  return text + decode(decoder)
}

/** The JSON body of a request whatever it is, `null` without one; throws a Problem: 413 over 64 KiB, 400 for what is no JSON. */
export async function readAnyJson(request: Request): Promise<unknown> {
  try {
    return JSON.parse((await readText(request)) || 'null')
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem(400, 'The body is not JSON.')
  }
}

/** A value as the schema has it; throws a Problem 400 that names the field. */
export function fitting<const Schema extends v.GenericSchema>(body: unknown, schema: Schema): v.InferOutput<Schema> {
  // To valibot an array is an object too.
  if (Array.isArray(body)) throw new Problem(400, 'The body is not a JSON object.')
  const result = v.safeParse(schema, body)
  if (result.success) return result.output
  const [issue] = result.issues
  const field = v.getDotPath(issue)
  throw new Problem(400, issue.message, field === null ? {} : { field })
}

/** The JSON body of a request as the schema has it; throws a Problem: 413 over 64 KiB, 400 for anything else, naming the field. */
export async function readJson<const Schema extends v.GenericSchema>(
  request: Request,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  return fitting(await readAnyJson(request), schema)
}
