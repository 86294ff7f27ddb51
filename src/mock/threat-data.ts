import { hex, sha256 } from './bytes.ts'
import { timestamp } from './timestamp.ts'

type FeedPlan = {
  id: number
  name: string
  contentType: string
  extension: string
  updateStrategy: 'APPEND' | 'REPLACE' | 'DIFF'
  everyMinutes: number
  runs: number
  active: boolean
}

const plans: readonly FeedPlan[] = [
  {
    id: 200,
    name: 'Finance sector indicators',
    contentType: 'STIX 2.1',
    extension: 'json',
    updateStrategy: 'REPLACE',
    everyMinutes: 60,
    runs: 8,
    active: true,
  },
  {
    id: 201,
    name: 'SIEM watchlist: addresses and domains',
    contentType: 'ArcSight CEF',
    extension: 'cef',
    updateStrategy: 'DIFF',
    everyMinutes: 15,
    runs: 12,
    active: true,
  },
  {
    id: 204,
    name: 'Phishing URLs for the web proxy',
    contentType: 'Plain text value',
    extension: 'txt',
    updateStrategy: 'REPLACE',
    everyMinutes: 30,
    runs: 6,
    active: true,
  },
  {
    id: 207,
    name: 'Ransomware intelligence digest',
    contentType: 'HTML report digest',
    extension: 'html',
    updateStrategy: 'APPEND',
    everyMinutes: 1440,
    runs: 5,
    active: true,
  },
  {
    id: 212,
    name: 'ISAC sharing group, TLP:GREEN',
    contentType: 'STIX 1.2',
    extension: 'xml',
    updateStrategy: 'APPEND',
    everyMinutes: 360,
    runs: 7,
    active: true,
  },
  {
    id: 219,
    name: 'Malware hashes for endpoint detection',
    contentType: 'EclecticIQ Entities CSV',
    extension: 'csv',
    updateStrategy: 'DIFF',
    everyMinutes: 10_080,
    runs: 3,
    active: false,
  },
]

const MINUTE_MS = 60_000

// Aligned to the interval: the same answer all through it, whoever asks.
const lastRun = ({ everyMinutes }: FeedPlan, now: number) => now - (now % (everyMinutes * MINUTE_MS))

const toFeed = (plan: FeedPlan, now: number) => ({
  id: plan.id,
  name: plan.name,
  content_type: plan.contentType,
  update_strategy: plan.updateStrategy,
  is_active: plan.active,
  last_run_at: timestamp(lastRun(plan, now)),
  content_blocks: plan.runs,
})

async function toContentBlock(plan: FeedPlan, run: number) {
  const createdAt = timestamp(run)
  const fileName = `feed-${plan.id}-${createdAt.slice(0, 16).replace(/[-:]/g, '')}Z.${plan.extension}`
  // Made from the name, so that the same block has the same digest and size whenever it is listed.
  const digest = await sha256(fileName)
  return {
    id: plan.id * 1_000_000 + (Math.floor(run / (plan.everyMinutes * MINUTE_MS)) % 1_000_000),
    feed_id: plan.id,
    file_name: fileName,
    content_type: plan.contentType,
    size: 2048 + digest[0]! * 997 + digest[1]!,
    sha256: hex(digest),
    created_at: createdAt,
  }
}

/** The outgoing feeds of the platform as of `now` (epoch milliseconds). */
export const listFeeds = (now: number) => plans.map((plan) => toFeed(plan, now))

/** One outgoing feed, undefined if there is none with this id. */
export function findFeed(id: number, now: number) {
  const plan = plans.find((candidate) => candidate.id === id)
  return plan && toFeed(plan, now)
}

/** The content blocks of a feed, newest first, undefined if there is no feed with this id. */
export async function listContentBlocks(id: number, now: number) {
  const plan = plans.find((candidate) => candidate.id === id)
  if (!plan) return undefined
  const newest = lastRun(plan, now)
  const runs = Array.from({ length: plan.runs }, (_, i) => newest - i * plan.everyMinutes * MINUTE_MS)
  return Promise.all(runs.map((run) => toContentBlock(plan, run)))
}
