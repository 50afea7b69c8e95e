import type { CleanReport, StoredRecord, TopicSpec } from '../port.ts'
import type { Cells } from './cells.ts'
import type { LogEnv } from './env.ts'
import { decodeFrame, encodeFrame } from './frame.ts'
import { frameKey, frameKeyEnd } from './keys.ts'

/** A tombstone stays this long after its record, so that a reader which lags sees the deletion. */
const TOMBSTONE_US = 24 * 3600 * 1e6

export function cleanTopic(
  env: LogEnv,
  cells: Cells,
  spec: TopicSpec,
  partition: number,
  now: number,
): CleanReport {
  return spec.cleanup === 'compact'
    ? { droppedRecords: 0, compactedRecords: compact(env, cells, spec, partition, now) }
    : { droppedRecords: retain(env, cells, spec, partition, now), compactedRecords: 0 }
}

/** Frames dropped in one transaction. */
const AT_ONCE = 500

/** Where the frames of a partition lie. */
function extent(cells: Cells, topic: string, partition: number) {
  const { id } = cells.topic(topic)
  return { id, start: frameKey(id, partition, 0), end: frameKeyEnd(id, partition) }
}

/** Drops whole frames from the start: too old, or past the size, and read by every group that has a position. */
function retain(env: LogEnv, cells: Cells, spec: TopicSpec, partition: number, now: number): number {
  const { retentionMs, retentionBytes } = spec
  if (retentionMs === undefined && retentionBytes === undefined) return 0
  const { id, start, end } = extent(cells, spec.name, partition)
  let surplus = Number.NEGATIVE_INFINITY
  if (retentionBytes !== undefined) {
    surplus = -retentionBytes
    for (const { value } of env.frames.getRange({ start, end })) surplus += value.length
  }
  const needed = cells.lowestPosition(spec.name, partition) ?? Number.POSITIVE_INFINITY
  const oldest = retentionMs === undefined ? Number.NEGATIVE_INFINITY : now - retentionMs * 1000
  let dropped = 0
  for (let drop: Buffer[]; ; ) {
    drop = []
    let next = cells.bound('start', id, partition)
    // From the start only as far as there is something to drop: the rest of the log is not read.
    for (const { key, value } of env.frames.getRange({ start, end, limit: AT_ONCE })) {
      const records = decodeFrame(value, 0, spec.name)
      const after = records[records.length - 1]!.offset + 1
      if (after > needed || (surplus <= 0 && !records.every(r => r.time < oldest))) break
      drop.push(key)
      next = after
      dropped += records.length
      surplus -= value.length
    }
    if (drop.length > 0)
      env.root.transactionSync(() => {
        for (const key of drop) env.frames.removeSync(key)
        cells.setBound('start', id, partition, next)
      })
    if (drop.length < AT_ONCE) return dropped
  }
}

/** Keeps the last record of each key. Offsets stay, so the partition gets gaps. */
function compact(env: LogEnv, cells: Cells, spec: TopicSpec, partition: number, now: number): number {
  const last = new Map<string, number>()
  const { id, ...range } = extent(cells, spec.name, partition)
  for (const { value } of env.frames.getRange(range))
    for (const r of decodeFrame(value, 0, spec.name)) last.set(r.key.toString('latin1'), r.offset)
  const keep = (r: StoredRecord) =>
    last.get(r.key.toString('latin1')) === r.offset && (r.value !== null || r.time >= now - TOMBSTONE_US)
  let removed = 0
  for (const key of [...env.frames.getKeys(range)]) {
    const records = decodeFrame(env.frames.getBinary(key)!, 0, spec.name)
    const kept = records.filter(keep)
    if (kept.length === records.length) continue
    removed += records.length - kept.length
    env.root.transactionSync(() => {
      env.frames.removeSync(key)
      if (kept.length)
        env.frames.putSync(
          frameKey(id, partition, kept[0]!.offset),
          encodeFrame(kept, i => kept[i]!.offset),
        )
    })
  }
  return removed
}
