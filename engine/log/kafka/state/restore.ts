import { StratumError } from '../../../errors.ts'
import type { EventLog } from '../../port.ts'
import type { CacheMark, StateCache } from './cache.ts'
import { decodeOffsets, EntryKeys, type OffsetRecord } from './entry.ts'

export interface RestoreOptions {
  readonly log: Pick<EventLog, 'read' | 'bounds'>
  readonly topic: string
  readonly partition: number
  readonly cache: StateCache
  readonly cluster: string
  /** How long the topic keeps tombstones. Milliseconds. */
  readonly tombstonesMs: number
  /** The one writer of the partition; none where several share it. */
  readonly sole?: string | undefined
  /** Milliseconds since 1970. */
  readonly now: number
  /** From the start, whatever the cache holds. */
  readonly anew?: boolean
}

export interface Restored {
  /** `current`: nothing had to be read · `tail`: what came since · `whole`: from the start. */
  readonly how: 'current' | 'tail' | 'whole'
  readonly records: number
  readonly offsets: ReadonlyMap<string, OffsetRecord>
}

/** How far from the end the last offset record is looked for at first; records. */
const GLANCE = 64
/** Changes of one transaction of the cache. */
const CHUNK = 20_000

/**
 * Brings a cache up to its changelog. It is current when it holds the transaction of the last offset record; else
 * what came since is read, or everything where the cache is of another cluster, of another life of the topic, or older than tombstones are kept (it
 * would keep keys whose tombstone is gone).
 */
export async function restore(o: RestoreOptions): Promise<Restored> {
  const { log, topic, partition, cache, cluster, tombstonesMs, sole, now } = o
  const { start, end } = await log.bounds(topic, partition)
  const mark = cache.mark
  const known = mark !== null && mark.cluster === cluster && mark.at <= end && !o.anew
  const last = known && sole !== undefined ? await lastOffsets(o, sole, start, end) : null
  const isSame = sole === undefined || (mark !== null && isOfLife(mark, last))
  // However old its mark: it holds every transaction there was.
  if (known && isSame && last && last.seq === mark.seq) {
    cache.apply([], { at: end, time: now })
    return { how: 'current', records: 0, offsets: new Map([[sole!, last]]) }
  }
  const tail = known && isSame && mark.at >= start && now - mark.time < tombstonesMs / 2
  if (!tail) cache.wipe()
  const offsets = new Map<string, OffsetRecord>()
  const records = await replay(o, tail ? mark.at : start, end, offsets)
  // The tail may hold no offset record: a writer that has stopped wrote none.
  if (sole !== undefined && !offsets.has(sole)) {
    const found = last ?? (await lastOffsets(o, sole, start, end))
    if (found) offsets.set(sole, found)
  }
  const { seq = 0, life = null } = (sole === undefined ? undefined : offsets.get(sole)) ?? {}
  cache.apply([], { cluster, at: end, time: now, seq, life })
  return { how: tail ? 'tail' : 'whole', records, offsets }
}

/** A topic that was deleted and made again under the same name has nothing to do with what is in the cache. */
function isOfLife({ life = null, seq }: CacheMark, last: OffsetRecord | null): boolean {
  // It holds no whole transaction, so none of another life.
  if (seq === 0 && life === null) return true
  return last !== null && last.life === life && last.seq >= seq
}

async function replay(
  { log, topic, partition, cache, cluster, now }: RestoreOptions,
  from: number,
  end: number,
  offsets: Map<string, OffsetRecord>,
): Promise<number> {
  const keys = new EntryKeys()
  let changes: [string, Buffer, Buffer | null][] = []
  let count = 0
  for (let at = from; at < end; ) {
    const batch = await log.read(topic, partition, at, { maxBytes: 4 << 20 })
    if (!batch) break
    for (const { key, value } of batch.records) {
      const entry = keys.parse(key)
      if (!entry)
        throw new StratumError(
          'LOG_CORRUPT',
          `${topic}/${partition} holds a record that Stratum did not write (key ${key.toString('latin1').slice(0, 40)}): nothing else may write to it.`,
        )
      if (entry.what === 'state') changes.push([entry.store, entry.key, value])
      else if (value !== null) offsets.set(entry.writer, decodeOffsets(value))
    }
    count += batch.records.length
    at = batch.next
    if (changes.length >= CHUNK || at >= end) {
      // Should it end here, it goes on here: the mark moves with the changes.
      cache.apply(changes, { cluster, at, seq: 0, time: now })
      changes = []
    }
  }
  if (changes.length > 0) cache.apply(changes, { cluster, seq: 0, time: now })
  return count
}

/** The last offset record of a writer, looked for from the end backwards; null when there is none. */
export async function lastOffsets(
  { log, topic, partition }: Pick<RestoreOptions, 'log' | 'topic' | 'partition'>,
  writer: string,
  start: number,
  end: number,
): Promise<OffsetRecord | null> {
  const keys = new EntryKeys()
  for (let width = GLANCE, to = end; to > start; width *= 8) {
    const from = Math.max(start, to - width)
    let last: OffsetRecord | null = null
    for (let at = from; at < to; ) {
      const batch = await log.read(topic, partition, at)
      if (!batch) break
      for (const { key, value, offset } of batch.records) {
        if (offset >= to || value === null) continue
        const entry = keys.parse(key)
        if (entry?.what === 'offsets' && entry.writer === writer) last = decodeOffsets(value)
      }
      at = batch.next
    }
    if (last) return last
    to = from
  }
  return null
}
