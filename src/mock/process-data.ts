type Channel = {
  id: string
  name: string
  source: string
  width: number
  height: number
  fps: number
  kbitS: number
  startedHoursAgo: number
  running: boolean
}

const channels: readonly Channel[] = [
  {
    id: 'restreamer-ui:ingest:4f1d0c52-8c1e-4a51-9c7a-6a2f5a0e1b11',
    name: 'Main stage',
    source: 'rtsp://camera-1.example/stream1',
    width: 1920,
    height: 1080,
    fps: 25,
    kbitS: 4200,
    startedHoursAgo: 53,
    running: true,
  },
  {
    id: 'restreamer-ui:ingest:0f6c2a9e-53c4-4d0e-8c0b-1c6a3d9a7f22',
    name: 'Lobby',
    source: 'rtsp://camera-2.example/stream1',
    width: 1280,
    height: 720,
    fps: 25,
    kbitS: 1800,
    startedHoursAgo: 9,
    running: true,
  },
  {
    id: 'restreamer-ui:ingest:b7e5f3d4-2b1a-4e6f-a1d2-90c8e7b6a533',
    name: 'Roof',
    source: 'rtmp://camera-3.example/live',
    width: 1280,
    height: 720,
    fps: 30,
    kbitS: 2100,
    startedHoursAgo: 0,
    running: false,
  },
]

const HOUR_S = 3600

// The longest run counts from a fixed hour of the day, so that a figure grows between two looks, as it does in life.
function runtime({ startedHoursAgo, running }: Channel, nowS: number): number {
  return running ? startedHoursAgo * HOUR_S + (nowS % HOUR_S) : 0
}

function toState(channel: Channel, now: number) {
  const seconds = runtime(channel, Math.floor(now / 1000))
  const frames = seconds * channel.fps
  const sizeKb = Math.round((seconds * channel.kbitS) / 8)
  return {
    order: channel.running ? 'start' : 'stop',
    exec: channel.running ? 'running' : 'finished',
    runtime_seconds: seconds,
    reconnect_seconds: -1,
    last_logline: channel.running ? `frame=${frames} fps=${channel.fps} speed=1x` : '[exit status 0]',
    progress: {
      inputs: [
        {
          id: 'input_0',
          address: channel.source,
          type: 'video',
          codec: 'h264',
          frame: frames,
          fps: channel.running ? channel.fps : 0,
          size_kb: sizeKb,
          bitrate_kbit: channel.running ? channel.kbitS : 0,
          width: channel.width,
          height: channel.height,
        },
      ],
      outputs: [],
      frame: frames,
      packet: frames,
      fps: channel.running ? channel.fps : 0,
      q: -1,
      size_kb: sizeKb,
      time: seconds,
      bitrate_kbit: channel.running ? channel.kbitS : 0,
      speed: channel.running ? 1 : 0,
      drop: 0,
      dup: 0,
    },
    memory_bytes: channel.running ? 38_400_000 + channel.kbitS * 1000 : 0,
    cpu_usage: channel.running ? Math.round(channel.kbitS / 100) / 10 : 0,
    command: ['-i', channel.source, '-codec', 'copy', '-f', 'hls', `{memfs}/${channel.id.slice(-12)}.m3u8`],
  }
}

function toProcess(channel: Channel, now: number) {
  const created = Math.floor(Date.UTC(2024, 1, 5, 8, 30) / 1000)
  return {
    id: channel.id,
    type: 'ffmpeg',
    reference: channel.id.split(':').at(-1)!,
    created_at: created,
    updated_at: created,
    state: toState(channel, now),
    metadata: { 'restreamer-ui': { meta: { name: channel.name } } },
  }
}

/** The restreaming processes as of `now` (epoch milliseconds). */
export const listProcesses = (now: number) => channels.map((channel) => toProcess(channel, now))

/** One process, undefined if there is none with this id. */
export const findProcess = (id: string, now: number) => listProcesses(now).find((process) => process.id === id)

/** The settings of the server that an operator looks at; secrets are blanked, as Core does. */
export const serverConfig = (createdAt: number) => ({
  created_at: new Date(createdAt).toISOString(),
  loaded_at: new Date(createdAt).toISOString(),
  updated_at: new Date(createdAt).toISOString(),
  config: {
    version: 3,
    id: '7e2c9f64-0f5e-4d0a-9d6b-2b1f6f1f3c10',
    name: 'stillhere-mock',
    address: ':8080',
    api: { read_only: false, auth: { enable: true, username: '', password: '', jwt: { secret: '' } } },
    storage: { cors: { origins: ['*'] } },
    metrics: { enable: true, range_sec: 300, interval_sec: 2 },
  },
  overrides: [] as string[],
})

/** The metrics that can be asked for. */
export const listMetrics = () => [
  { name: 'cpu_idle', description: 'Percentage of idle CPU', labels: [] as string[] },
  { name: 'mem_free', description: 'Free memory in bytes', labels: [] as string[] },
  { name: 'restream_process', description: 'Current process values by name', labels: ['processid', 'name'] },
]
