import type { EventLog, RecordBatch } from './port.ts'

/**
 * Batches of a partition from a place on to where it ends now; what has gone with its retention is passed over. Who comes
 * again goes on at the `next` of the last one.
 * @param from left out: from its beginning
 */
export async function* batchesOf(
  log: EventLog,
  topic: string,
  partition: number,
  from = 0,
): AsyncGenerator<RecordBatch> {
  const { start, end } = await log.bounds(topic, partition)
  for (let at = Math.max(from, start); at < end; ) {
    const batch = await log.read(topic, partition, at)
    if (!batch) return
    yield batch
    at = batch.next
  }
}
