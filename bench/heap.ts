import type { CDPSession } from '@playwright/test'

/** Bytes of JavaScript heap in use after everything that can go has gone. */
export async function heapOf(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize } = await cdp.send('Runtime.getHeapUsage')
  return usedSize
}

/** What a heap is made of, in bytes; what the browser keeps beside it, such as its list of requests, is in neither. */
export interface HeapParts {
  /** What scripts have made: objects, arrays, closures, strings. */
  readonly things: number
  /** What V8 has compiled of them, and noted for that. */
  readonly code: number
}

const OF_THE_BROWSER = ['native', 'synthetic']

/** Takes a heap apart by a snapshot, after everything that can go has gone. */
export async function heapPartsOf(cdp: CDPSession): Promise<HeapParts> {
  const chunks: string[] = []
  const add = ({ chunk }: { chunk: string }) => void chunks.push(chunk)
  cdp.on('HeapProfiler.addHeapSnapshotChunk', add)
  await cdp.send('HeapProfiler.collectGarbage')
  await cdp.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  cdp.off('HeapProfiler.addHeapSnapshotChunk', add)
  const { snapshot, nodes } = JSON.parse(chunks.join(''))
  const { node_fields, node_types } = snapshot.meta
  const [kindAt, sizeAt] = [node_fields.indexOf('type'), node_fields.indexOf('self_size')]
  const kinds: string[] = node_types[kindAt]
  const sizes = new Map(kinds.map((kind) => [kind, 0]))
  for (let node = 0; node < nodes.length; node += node_fields.length) {
    const kind = kinds[nodes[node + kindAt]]!
    sizes.set(kind, sizes.get(kind)! + nodes[node + sizeAt])
  }
  const code = sizes.get('code')!
  for (const kind of ['code', ...OF_THE_BROWSER]) sizes.delete(kind)
  return { code, things: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0) }
}
