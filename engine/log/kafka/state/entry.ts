/**
 * Records of a changelog. Key of a change of state: `s`, the store's name, NUL, the key's bytes; its value is the
 * state's, a tombstone where it was deleted. Key of an offset record: `o`, the writer's name; it is the last record
 * of every transaction of the writer.
 */

/** A position a reader has come to. */
export interface Position {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly next: number
}

/** What a writer has committed, in all: the truth about its positions. */
export interface OffsetRecord {
  /** Number of the transaction. */
  readonly seq: number
  /** Given by the first transaction of a changelog's writer: a topic that was made anew has another. null: none yet. */
  readonly life: string | null
  readonly positions: readonly Position[]
}

const STATE = 0x73
const OFFSETS = 0x6f

/** The part of a state record's key that is the same for all of a store. */
export function storePrefix(store: string): Buffer {
  return Buffer.from(`s${store}\0`)
}

export function stateEntryKey(prefix: Buffer, key: Buffer): Buffer {
  return Buffer.concat([prefix, key], prefix.length + key.length)
}

export const offsetsKey = (writer: string): Buffer => Buffer.from(`o${writer}`)

export function encodeOffsets(record: OffsetRecord): Buffer {
  return Buffer.from(
    JSON.stringify({
      seq: record.seq,
      life: record.life,
      positions: record.positions.map(p => [p.group, p.topic, p.partition, p.next]),
    }),
  )
}

export function decodeOffsets(value: Buffer): OffsetRecord {
  const { seq, life, positions } = JSON.parse(value.toString()) as {
    seq: number
    life?: string | null
    positions: [string, string, number, number][]
  }
  return {
    seq,
    life: life ?? null,
    positions: positions.map(([group, topic, partition, next]) => ({ group, topic, partition, next })),
  }
}

export type Entry =
  | { readonly what: 'state'; readonly store: string; readonly key: Buffer }
  | { readonly what: 'offsets'; readonly writer: string }

/** Store names are few: each is made once. */
export class EntryKeys {
  #last: { readonly prefix: Buffer; readonly store: string } | null = null

  parse(key: Buffer): Entry | null {
    if (key[0] === OFFSETS) return { what: 'offsets', writer: key.toString('utf8', 1) }
    if (key[0] !== STATE) return null
    const last = this.#last
    if (last && key.length >= last.prefix.length && last.prefix.compare(key, 0, last.prefix.length) === 0)
      return { what: 'state', store: last.store, key: key.subarray(last.prefix.length) }
    const end = key.indexOf(0)
    if (end < 0) return null
    const store = key.toString('utf8', 1, end)
    this.#last = { prefix: Buffer.from(key.subarray(0, end + 1)), store }
    return { what: 'state', store, key: key.subarray(end + 1) }
  }
}
