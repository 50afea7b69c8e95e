import { setImmediate as turn } from 'node:timers/promises'
import type { Codec } from '../codec/codec.ts'
import type { LmdbLog } from '../log/lmdb/log.ts'
import type { LogRecord, RecordBatch, StoredRecord } from '../log/port.ts'
import { tenantOf } from '../log/tenant.ts'
import { Fold, stateStore } from '../stage/fold.ts'
import type { Layout } from '../stage/layout.ts'
import type { Task } from '../stage/topology.ts'
import type { Input } from './extent.ts'
import type { PastLog } from './past.ts'
import { type Bounded, Span } from './span.ts'

export interface AgainOptions {
  readonly task: Task
  readonly layout: Layout
  readonly codec: Codec
  readonly log: PastLog
  /** Keeps the state, and what the fold writes that is to be compared. */
  readonly scratch: LmdbLog
  readonly bounded: Bounded
  readonly tenant: string | undefined
  /** A stage whose own outputs are kept; null: all of the task. */
  readonly stage: string | null
  readonly compare: boolean
  /** Outputs that are asked for, in order. */
  readonly keep: (input: Input, topic: string, partition: number, records: readonly LogRecord[]) => void
  /** After each batch: what was kept is written down. `folded`: its records. */
  readonly pace: (folded: number) => Promise<void> | undefined
  readonly signal: AbortSignal
}

/** Name in the scratch log of what a fold writes to a topic. */
export const copyOf = ({ topic, partition }: Input, output: string) => `${topic}/${partition}>${output}`

/** A run of a batch's records that are treated alike. */
interface Run {
  readonly records: StoredRecord[]
  readonly kept: boolean
  /** The live task has folded them, too. */
  readonly judged: boolean
}

/** Folds a partition again from its earliest record, with fresh state. Gives how many records it read. */
export async function foldAgain(o: AgainOptions, input: Input): Promise<number> {
  const { task, layout, codec, log, scratch, signal } = o
  const { topic, partition } = input
  const store = stateStore(task.name, topic, partition)
  const state = scratch.state(store)
  const only = o.stage === null ? {} : { marks: o.stage }
  const fold = new Fold({ task, topic, partition, codec, layout, state, ...only })
  const writer = await scratch.writer(store)
  const span = new Span(o.bounded)
  const made = new Set<string>()
  let read = 0
  /** A copy of the outputs, one topic a fold and topic. */
  const copies = async (
    appends: readonly { topic: string; partition: number; records: readonly LogRecord[] }[],
  ) => {
    for (const part of appends) {
      const name = copyOf(input, part.topic)
      if (made.has(name)) continue
      made.add(name)
      await scratch.ensureTopic({ name, partitions: layout.partitions(part.topic), cleanup: 'delete' })
    }
    return appends.map(part => ({ ...part, topic: copyOf(input, part.topic) }))
  }
  for (let at = input.start; at < input.end; ) {
    // Signals and the progress line get their turn.
    await turn()
    signal.throwIfAborted()
    const batch = await log.read(topic, partition, at, { signal })
    if (!batch) break
    at = batch.next
    await fold.ready(batch.records)
    const { runs, over } = runsOf(o, batch, input, span)
    let folded = 0
    for (const { records, kept, judged } of runs) {
      const next = records.at(-1)!.offset + 1
      const { appends = [], state: changes = [] } = fold.process({ topic, partition, records, next })
      if (kept)
        for (const part of appends) {
          const own = o.stage === null ? part.records : part.records.filter(r => fold.marked(r))
          if (own.length > 0) o.keep(input, part.topic, part.partition, own)
        }
      await writer.commit({ state: changes, appends: judged && o.compare ? await copies(appends) : [] })
      fold.landed()
      folded += records.length
    }
    read += folded
    await o.pace(folded)
    if (over) break
  }
  return read
}

function runsOf({ tenant }: AgainOptions, batch: RecordBatch, { end, position }: Input, span: Span) {
  const runs: Run[] = []
  for (const record of batch.records) {
    const where = record.offset < end ? span.where(record) : 'after'
    if (where === 'after') return { runs, over: true }
    if (tenant !== undefined && tenantOf(record.key) !== tenant) continue
    const kept = where === 'within'
    const judged = record.offset < position
    const last = runs.at(-1)
    if (last && last.kept === kept && last.judged === judged) last.records.push(record)
    else runs.push({ records: [record], kept, judged })
  }
  return { runs, over: false }
}
