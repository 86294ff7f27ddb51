import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from './fixture-cli.ts'

/** Whether this machine has a redis-server; says how to get one if not. */
export function hasRedis(): boolean {
  if (spawnSync('redis-server', ['--version']).status === 0) return true
  console.warn('Skipped: there is no redis-server on this machine; type: apt-get install redis-server')
  return false
}

/** A Redis of its own on a free port, which keeps nothing on disk. */
export async function makeRedis() {
  const port = await freePort()
  let redis: ChildProcess | undefined

  async function start(): Promise<void> {
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] })
    redis = child
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (text) => String(text).includes('Ready to accept connections') && resolve())
      child.once('exit', () => reject(new Error('redis-server ended')))
    })
  }

  async function stop(): Promise<void> {
    if (!redis || redis.exitCode !== null || redis.signalCode !== null) return
    const ended = once(redis, 'exit')
    redis.kill('SIGKILL')
    await ended
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    stop,
    /** Keeps it from answering, without ending it. */
    freeze: () => redis?.kill('SIGSTOP'),
    thaw: () => redis?.kill('SIGCONT'),
  }
}
