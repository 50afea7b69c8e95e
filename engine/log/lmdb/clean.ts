import type { CleanReport, StoredRecord, TopicSpec } from '../port.ts'
import type { Cells } from './cells.ts'
import type { LogEnv } from './env.ts'
import { decodeFrame, encodeFrame } from './frame.ts'
import { frameKey, frameKeyEnd, offsetOfFrameKey } from './keys.ts'

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

function frames(env: LogEnv, cells: Cells, topic: string, partition: number) {
  const { id } = cells.topic(topic)
  const range = env.frames.getRange({ start: frameKey(id, partition, 0), end: frameKeyEnd(id, partition) })
  return { id, range }
}

/** Drops whole frames from the start: too old, or past the size, and read by every group that has a position. */
function retain(env: LogEnv, cells: Cells, spec: TopicSpec, partition: number, now: number): number {
  if (spec.retentionMs === undefined && spec.retentionBytes === undefined) return 0
  const { id, range } = frames(env, cells, spec.name, partition)
  const all = Array.from(range, ({ key, value }) => ({ key, bytes: value.length }))
  let bytes = all.reduce((sum, f) => sum + f.bytes, 0)
  const needed = cells.lowestPosition(spec.name, partition) ?? Number.POSITIVE_INFINITY
  const end = cells.bound('end', id, partition)
  let dropped = 0
  let start = cells.bound('start', id, partition)
  const drop: Buffer[] = []
  for (let i = 0; i < all.length; i++) {
    const frame = all[i]!
    const next = i + 1 < all.length ? offsetOfFrameKey(all[i + 1]!.key) : end
    if (next > needed) break
    const tooBig = spec.retentionBytes !== undefined && bytes > spec.retentionBytes
    const records = decodeFrame(env.frames.getBinary(frame.key)!, 0, spec.name)
    const tooOld =
      spec.retentionMs !== undefined && records.every(r => r.time < now - spec.retentionMs! * 1000)
    if (!tooBig && !tooOld) break
    drop.push(frame.key)
    dropped += records.length
    bytes -= frame.bytes
    start = next
  }
  if (drop.length === 0) return 0
  env.root.transactionSync(() => {
    for (const key of drop) env.frames.removeSync(key)
    cells.setBound('start', id, partition, start)
  })
  return dropped
}

/** Keeps the last record of each key. Offsets stay, so the partition gets gaps. */
function compact(env: LogEnv, cells: Cells, spec: TopicSpec, partition: number, now: number): number {
  const last = new Map<string, number>()
  const { id, range } = frames(env, cells, spec.name, partition)
  for (const { value } of range)
    for (const r of decodeFrame(value, 0, spec.name)) last.set(r.key.toString('latin1'), r.offset)
  const keep = (r: StoredRecord) =>
    last.get(r.key.toString('latin1')) === r.offset && (r.value !== null || r.time >= now - TOMBSTONE_US)
  let removed = 0
  const again = frames(env, cells, spec.name, partition).range
  for (const { key, value } of [...again]) {
    const records = decodeFrame(value, 0, spec.name)
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
