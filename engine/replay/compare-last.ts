import { setImmediate as turn } from 'node:timers/promises'
import type { LogRecord, StoredRecord } from '../log/port.ts'
import { tenantOf } from '../log/tenant.ts'
import { copyOf } from './again.ts'
import type { Compared, CompareOptions } from './compare.ts'
import type { Input, Output } from './extent.ts'
import { same } from './interleaved.ts'

/** Compares the last record of each key, which is all that a compacted topic keeps. Held in memory. */
export async function compareLast(
  { log, scratch, tenant, signal }: CompareOptions,
  inputs: readonly Input[],
  { topic, partition, start, end }: Output,
): Promise<Compared> {
  const copies = new Set((await scratch.topics()).map(t => t.name))
  const replayed = new Map<string, StoredRecord>()
  for (const name of inputs.map(input => copyOf(input, topic)))
    if (copies.has(name))
      await lastOf(replayed, scratch, name, partition, 0, Number.POSITIVE_INFINITY, signal)
  const live = new Map<string, StoredRecord>()
  await lastOf(live, log, topic, partition, start, end, signal)
  let index = 0
  for (const name of new Set([...live.keys(), ...replayed.keys()])) {
    const [there, again] = [live.get(name) ?? null, replayed.get(name) ?? null]
    if (tenant !== undefined && tenantOf((there ?? again)!.key) !== tenant) continue
    if (there === null || again === null || !same(there, again))
      return {
        same: index,
        difference: { topic, partition, index, live: there, replayed: again as LogRecord | null },
      }
    index++
  }
  return { same: index, difference: null }
}

async function lastOf(
  found: Map<string, StoredRecord>,
  log: Pick<CompareOptions['log'], 'read'>,
  topic: string,
  partition: number,
  from: number,
  end: number,
  signal: AbortSignal,
): Promise<void> {
  for (let at = from; at < end; ) {
    await turn()
    signal.throwIfAborted()
    const batch = await log.read(topic, partition, at, { signal })
    if (!batch) return
    at = batch.next
    for (const record of batch.records) {
      if (record.offset >= end) return
      const name = record.key.toString('latin1')
      // Its tombstone goes in the end, too.
      if (record.value === null) found.delete(name)
      else found.set(name, record)
    }
  }
}
