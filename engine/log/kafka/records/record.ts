import type { StoredRecord } from '../../port.ts'
import { readHeaders } from './headers.ts'
import { type Cursor, varint } from './varint.ts'

/** What `subarray` makes its views with; called directly, the whole decoding takes half the time. */
const View = (
  Buffer as unknown as { [Symbol.species]: new (of: ArrayBufferLike, at: number, size: number) => Buffer }
)[Symbol.species]
const EMPTY = Buffer.alloc(0)
const U = 0x75
const S = 0x73
const ZERO = 0x30

/** What the records of one batch have in common. */
export interface BatchFrame {
  readonly base: number
  readonly count: number
  /** Base time, or the one time of all where the broker stamped them (`stamped`), ms; −1: none given. */
  readonly time: number
  readonly stamped: boolean
}

/**
 * Appends the records of one batch at or after `from`; false when `count` of them do not fill [start, end) exactly.
 * Whoever gave no time (−1) gets 0.
 *
 * A record: size varint · attributes int8 · time delta varlong · offset delta varint · key size varint (−1: null) ·
 * key · value size varint (−1: null) · value · count of headers varint · headers; all varints zigzag.
 */
export function pushRecords(
  records: StoredRecord[],
  buffer: Buffer,
  start: number,
  end: number,
  { base, count, time, stamped }: BatchFrame,
  from: number,
): boolean {
  if (count > end - start) return false
  const cursor: Cursor = { at: start }
  const { buffer: memory, byteOffset: shift } = buffer
  for (let i = 0; i < count; i++) {
    const size = varint(buffer, cursor)
    const stop = cursor.at + size
    // NaN fails, as everywhere below.
    if (!(size > 0 && stop <= end)) return false
    cursor.at++ // attributes: none are in use
    const timeDelta = varint(buffer, cursor)
    const offset = base + varint(buffer, cursor)
    if (Number.isNaN(offset + timeDelta)) return false
    if (offset < from) {
      cursor.at = stop
      continue
    }
    const keySize = varint(buffer, cursor)
    const keyAt = cursor.at
    if (keySize > 0) cursor.at += keySize
    const valueSize = varint(buffer, cursor)
    const valueAt = cursor.at
    if (valueSize > 0) cursor.at += valueSize
    if (!(cursor.at < stop)) return false

    let micros = 0
    let headers: StoredRecord['headers']
    if (buffer[cursor.at] === 0) cursor.at++
    else if (hasOnlyMicros(buffer, cursor.at, stop)) {
      for (cursor.at += 5; cursor.at < stop; cursor.at++) micros = micros * 10 + buffer[cursor.at]! - ZERO
    } else {
      const read = readHeaders(buffer, cursor)
      if (read === null) return false
      micros = read.micros
      headers = read.shown
    }
    if (cursor.at !== stop) return false
    const ms = stamped ? time : time + timeDelta
    records.push({
      offset,
      key: keySize > 0 ? new View(memory, shift + keyAt, keySize) : EMPTY,
      value: valueSize < 0 ? null : new View(memory, shift + valueAt, valueSize),
      time: ms < 0 ? 0 : ms * 1_000 + micros,
      headers,
    })
  }
  return cursor.at === end
}

/** One header `us` of one to three digits (count · 4 · u s · 2 × digits · digits), as most of our own records have. */
function hasOnlyMicros(buffer: Buffer, at: number, stop: number): boolean {
  const digits = stop - at - 5
  if (digits < 1 || digits > 3 || buffer[at] !== 2 || buffer[at + 1] !== 4) return false
  if (buffer[at + 2] !== U || buffer[at + 3] !== S || buffer[at + 4] !== 2 * digits) return false
  for (let i = at + 5; i < stop; i++) if ((buffer[i]! - ZERO) >>> 0 > 9) return false
  return buffer[at + 5] !== ZERO
}
