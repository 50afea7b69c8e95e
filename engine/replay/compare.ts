import { setImmediate as turn } from 'node:timers/promises'
import type { Codec } from '../codec/codec.ts'
import type { LmdbLog } from '../log/lmdb/log.ts'
import type { LogRecord, StoredRecord } from '../log/port.ts'
import { tenantOf } from '../log/tenant.ts'
import { copyOf } from './again.ts'
import { fromElsewhere } from './elsewhere.ts'
import type { Input, Output } from './extent.ts'
import { Interleaved, Queue } from './interleaved.ts'
import type { PastLog } from './past.ts'

/** Where a replay and the log part for the first time. */
export interface Difference {
  readonly topic: string
  readonly partition: number
  /** So many of the partition's records were the same. */
  readonly index: number
  /** What the log has there; null: nothing more. */
  readonly live: StoredRecord | null
  /** What the replay wrote there; null: nothing more. */
  readonly replayed: LogRecord | null
}

export interface Compared {
  /** Records found the same. */
  readonly same: number
  readonly difference: Difference | null
}

export interface CompareOptions {
  readonly log: PastLog
  readonly codec: Codec
  readonly scratch: LmdbLog
  readonly tenant: string | undefined
  /** The replay ended early: what the log has beyond it is no difference. */
  readonly open: boolean
  readonly signal: AbortSignal
}

/** Compares what the log holds in a partition with what the folds of these inputs wrote to it. */
export async function comparePartition(
  { log, codec, scratch, tenant, open, signal }: CompareOptions,
  inputs: readonly Input[],
  { topic, partition, start, end }: Output,
): Promise<Compared> {
  const copies = new Set((await scratch.topics()).map(t => t.name))
  const queues = inputs
    .map(input => copyOf(input, topic))
    .filter(name => copies.has(name))
    .map(name => new Queue(scratch, name, partition))
  const replayed = new Interleaved(queues)
  const someWroteNothing = queues.length < inputs.length
  const reader = codec.reader()
  let index = 0
  for (let at = start; at < end; ) {
    await turn()
    signal.throwIfAborted()
    const batch = await log.read(topic, partition, at, { signal })
    if (!batch) break
    at = batch.next
    await reader.ready(batch.records)
    for (const record of batch.records) {
      if (record.offset >= end) break
      if (tenant !== undefined && tenantOf(record.key) !== tenant) continue
      if (await replayed.take(record)) {
        index++
        continue
      }
      if (fromElsewhere(record, reader)) continue
      const expected = await replayed.expected(record)
      if (expected === null && open) return { same: index, difference: null }
      // Of a fold whose replay ended early, between what the others wrote.
      if (open && (someWroteNothing || (await replayed.oneEnded()))) continue
      return { same: index, difference: { topic, partition, index, live: record, replayed: expected } }
    }
  }
  const missing = await replayed.expected(null)
  if (missing === null) return { same: index, difference: null }
  return { same: index, difference: { topic, partition, index, live: null, replayed: missing } }
}
