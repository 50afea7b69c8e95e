import { createHash, type Hash } from 'node:crypto'
import type { LogRecord } from '../log/port.ts'

/**
 * A hash of what folds have written: SHA-256 over each fold's records to a partition, in order, and over these hashes
 * in the order of their bytes, so that it does not matter which fold or partition came first. Of a record it takes
 * key and value, each with its length.
 */
export class Digest {
  readonly #sequences = new Map<string, { readonly topic: string; readonly hash: Hash; records: number }>()

  /** `fold`: who wrote them. */
  add(fold: string, topic: string, partition: number, records: readonly LogRecord[]): void {
    const name = `${fold}>${topic}/${partition}`
    let own = this.#sequences.get(name)
    if (!own) {
      own = { topic, hash: createHash('sha256').update(`${topic}/${partition}\n`), records: 0 }
      this.#sequences.set(name, own)
    }
    own.hash.update(bytesOf(records))
    own.records += records.length
  }

  /** Records and their hash, by topic. Ends it. */
  end(): { readonly hash: string; readonly topics: ReadonlyMap<string, { records: number; hash: string }> } {
    const digests = new Map<string, Buffer[]>()
    const counts = new Map<string, number>()
    for (const { topic, hash, records } of this.#sequences.values()) {
      digests.set(topic, [...(digests.get(topic) ?? []), hash.digest()])
      counts.set(topic, (counts.get(topic) ?? 0) + records)
    }
    const topics = [...digests].map(
      ([topic, of]) => [topic, { records: counts.get(topic)!, hash: together(of) }] as const,
    )
    return { hash: together([...digests.values()].flat()), topics: new Map(topics) }
  }
}

/** The hash of nothing. */
export const NOTHING = together([])

function together(digests: readonly Buffer[]): string {
  const hash = createHash('sha256')
  for (const digest of [...digests].sort(Buffer.compare)) hash.update(digest)
  return hash.digest('hex')
}

/** One piece: the hash is asked once a batch, not five times a record. */
function bytesOf(records: readonly LogRecord[]): Buffer {
  let size = 0
  for (const { key, value } of records) size += 8 + key.length + (value?.length ?? 0)
  const out = Buffer.allocUnsafe(size)
  let at = 0
  for (const { key, value } of records) {
    at = out.writeUInt32BE(key.length, at)
    at = out.writeInt32BE(value?.length ?? -1, at)
    at += key.copy(out, at)
    if (value) at += value.copy(out, at)
  }
  return out
}
