import { join } from 'node:path'
import { LmdbLog } from '../log/lmdb/log.ts'
import { topicName } from '../stage/layout.ts'
import type { Application } from '../stage/topology.ts'
import { type AgainOptions, foldAgain } from './again.ts'
import { comparePartition, type Difference } from './compare.ts'
import { compareLast } from './compare-last.ts'
import { Digest, NOTHING } from './digest.ts'
import { type Extent, extentOf, type Input, refuseBeyond, topicsOf } from './extent.ts'
import type { Files } from './files.ts'
import type { Past } from './past.ts'
import type { Bounded } from './span.ts'
import type { Target } from './target.ts'

export interface ReplayOptions {
  readonly app: Application
  readonly target: Target
  readonly past: Pick<Past, 'log' | 'codec' | 'layout'>
  readonly bounded: Bounded
  readonly tenant?: string | undefined
  readonly compare: boolean
  /** A folder for state; it is left as it is at the end. */
  readonly scratch: string
  /** Where the outputs go; null: nowhere. */
  readonly files: Files | null
  /** Offsets folded so far, of so many at most. */
  readonly onProgress?: (done: number, total: number) => void
  readonly signal: AbortSignal
}

export type Compared = 'equal' | 'different' | 'not compared'

export interface TopicReplayed {
  readonly topic: string
  /** Outputs that were asked for. */
  readonly records: number
  readonly hash: string
  readonly compared: Compared
  /** Records found the same in the log. */
  readonly same: number
  /** Why it was not compared. */
  readonly why: string | null
}

export interface Replayed {
  readonly read: number
  readonly written: number
  readonly hash: string
  readonly compared: Compared
  readonly topics: readonly TopicReplayed[]
  /** The first one, in the order of topics and partitions. */
  readonly difference: Difference | null
  /** Inputs whose earliest records are gone. */
  readonly cut: readonly Input[]
}

/**
 * Folds all of a task's input again, each partition from its earliest record and with fresh state, and compares what
 * that writes with what the log has.
 */
export async function replay(o: ReplayOptions): Promise<Replayed> {
  const { app, target, past, bounded, tenant, compare, files, signal } = o
  const { task, stage } = target
  const { log, codec, layout } = past
  const extent = await extentOf(app, task, layout, log, signal)
  refuseBeyond(extent, task, bounded)
  const inputs = extent.inputs.filter(({ start, end }) => start < end)
  const topics = topicsOf(task).map(topicName)
  await files?.begin(topics)
  const scratch = new LmdbLog(join(o.scratch, 'folds'), { durability: 'process' })
  const digest = new Digest()
  const total = inputs.reduce((sum, { start, end }) => sum + end - start, 0)
  let folded = 0
  const again: AgainOptions = {
    task,
    layout,
    codec,
    log,
    scratch,
    bounded,
    tenant,
    stage,
    compare,
    keep(input, topic, partition, records) {
      digest.add(`${input.topic}/${input.partition}`, topic, partition, records)
      files?.add(input, topic, partition, records)
    },
    pace(n) {
      folded += n
      o.onProgress?.(folded, total)
      return files?.flush()
    },
    signal,
  }
  try {
    let read = 0
    for (const input of inputs) read += await foldAgain(again, input)
    const { hash, topics: digests } = digest.end()
    const rows: TopicReplayed[] = []
    let difference: Difference | null = null
    for (const topic of topics) {
      const { records = 0, hash = NOTHING } = digests.get(topic) ?? {}
      const why = compare ? whyNot(o, extent, topic) : 'nobody asked for it'
      const found = why === null ? await compareTopic(o, extent, scratch, topic) : null
      difference ??= found?.difference ?? null
      const compared = found === null ? 'not compared' : found.difference === null ? 'equal' : 'different'
      rows.push({ topic, records, hash, compared, same: found?.same ?? 0, why })
    }
    const whole = rows.every(r => r.compared === 'equal')
    return {
      read,
      written: rows.reduce((sum, r) => sum + r.records, 0),
      hash,
      compared: difference ? 'different' : whole ? 'equal' : 'not compared',
      topics: rows,
      difference,
      cut: inputs.filter(({ start }) => start > 0),
    }
  } finally {
    await scratch.close()
  }
}

async function compareTopic(o: ReplayOptions, extent: Extent, scratch: LmdbLog, topic: string) {
  const { log, codec } = o.past
  const how = { log, codec, scratch, tenant: o.tenant, open: o.bounded.to !== null, signal: o.signal }
  const compacted = o.app.topics.some(t => topicName(t.name) === topic && t.cleanup === 'compact')
  const compared = compacted ? compareLast : comparePartition
  let same = 0
  let difference: Difference | null = null
  for (const output of extent.outputs.filter(output => output.topic === topic)) {
    const found = await compared(how, extent.inputs, output)
    same += found.same
    difference ??= found.difference
  }
  return { same, difference }
}

/** Why what a replay writes to a topic cannot be held against the log; null: it can. */
function whyNot(
  { app, bounded, target: { task } }: ReplayOptions,
  extent: Extent,
  topic: string,
): string | null {
  const { inputs, outputs, settled } = extent
  if (!settled)
    return `${task.name} went on while it was looked at: pause its stages (stratum pause --stage), or try again when less comes in`
  const cut = inputs.find(({ start }) => start > 0)
  if (cut)
    return `the records of ${cut.topic}/${cut.partition} before offset ${cut.start} have gone with their retention`
  const gone = outputs.find(output => output.topic === topic && output.start > 0)
  if (gone)
    return `the records of ${gone.topic}/${gone.partition} before offset ${gone.start} have gone with their retention`
  const declared = app.topics.find(t => topicName(t.name) === topic)
  if (declared?.cleanup === 'compact' && bounded.to !== null)
    return 'it is compacted: of each key the log keeps the last record only, and that may come after --to'
  const other = app.tasks.find(t => t !== task && topicsOf(t).map(topicName).includes(topic))
  if (other && declared?.route === 'key') return `task ${other.name} writes to it, too`
  const windowed = task.stages.find(s => s.windows)
  if (windowed)
    return `stage ${windowed.name} shows its windows whenever a batch ends, and batches fall otherwise`
  return null
}
