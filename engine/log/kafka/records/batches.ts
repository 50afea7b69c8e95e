import { crc32c } from '@node-rs/crc32'
import { StratumError } from '../../../errors.ts'
import type { StoredRecord } from '../../port.ts'
import { AbortFilter } from './aborts.ts'
import { decompress } from './compression.ts'
import type { AbortedTransaction } from './fetch-response.ts'
import { int64 } from './int64.ts'
import { pushRecords } from './record.ts'

export interface DecodeOptions {
  /** For the messages of errors. */
  readonly topic: string
  readonly partition: number
  /** Compare each batch with its CRC-32C. Default true: that is some 15 ns a record of 150 bytes. */
  readonly verify?: boolean | undefined
}

export interface DecodedRecords {
  readonly records: StoredRecord[]
  /** The offset after the last whole batch, records or none in it; `from` where there is no whole batch. */
  readonly next: number
}

/**
 * A batch (magic 2): base offset int64 · size of the rest int32 · leader epoch int32 · magic int8 · CRC-32C uint32 of
 * all that follows · attributes int16 · last offset delta int32 · base time int64 · max time int64 · producer id
 * int64 · epoch int16 · sequence int32 · count int32 · records.
 */
const SIZE = 8
const MAGIC = 16
const CRC = 17
const ATTRIBUTES = 21
const LAST_OFFSET_DELTA = 23
const BASE_TIME = 27
const MAX_TIME = 35
const PRODUCER_ID = 43
const COUNT = 57
const HEADER = 61

const CODEC = 0x07
const LOG_APPEND_TIME = 0x08
const TRANSACTIONAL = 0x10
const CONTROL = 0x20

/**
 * The committed records at or after `from` in what a broker fetched for one partition. Keys and values are views
 * of `buffer` (of the unpacked bytes where a batch is compressed): who keeps one keeps all of it.
 *
 * @see https://kafka.apache.org/documentation/#recordbatch
 * @throws LOG_CORRUPT when a batch is damaged; FORMAT_UNSUPPORTED when it is of another format or codec
 */
export function decodeRecords(
  buffer: Buffer,
  aborted: readonly AbortedTransaction[],
  from: number,
  options: DecodeOptions,
): DecodedRecords {
  const records: StoredRecord[] = []
  const filter = new AbortFilter(aborted)
  const verify = options.verify ?? true
  let next = from
  // A broker may cut the last batch short: that one comes again, whole, with the next fetch.
  for (let at = 0, end = 0; at + HEADER <= buffer.length; at = end) {
    end = at + 12 + sizeOf(buffer, at, options)
    if (end > buffer.length) break
    const base = int64(buffer, at)
    if (verify && crc32c(buffer.subarray(at + ATTRIBUTES, end)) !== buffer.readUInt32BE(at + CRC))
      throw damaged(base, options, 'its bytes do not match their checksum')
    const attributes = buffer.readInt16BE(at + ATTRIBUTES)
    const last = base + buffer.readInt32BE(at + LAST_OFFSET_DELTA)
    const count = buffer.readInt32BE(at + COUNT)
    const producer = int64(buffer, at + PRODUCER_ID)

    if (attributes & CONTROL) {
      if (count > 0 && isAbortMarker(buffer, at + HEADER)) filter.marker(producer, last)
    } else if (last >= from && !(attributes & TRANSACTIONAL && filter.aborted(producer, last))) {
      const codec = attributes & CODEC
      const stamped = (attributes & LOG_APPEND_TIME) !== 0
      const frame = { base, count, time: int64(buffer, at + (stamped ? MAX_TIME : BASE_TIME)), stamped }
      let whole: boolean
      // An empty body, of a batch that compaction emptied, is none of its codec's.
      if (codec === 0 || end === at + HEADER)
        whole = pushRecords(records, buffer, at + HEADER, end, frame, from)
      else {
        const unpacked = decompress(codec, buffer.subarray(at + HEADER, end), base, options)
        whole = pushRecords(records, unpacked, 0, unpacked.length, frame, from)
      }
      if (!whole) throw damaged(base, options, 'its records do not fill it')
    }
    if (last >= next) next = last + 1
  }
  return { records, next }
}

function sizeOf(buffer: Buffer, at: number, where: DecodeOptions): number {
  const magic = buffer[at + MAGIC]!
  const size = buffer.readInt32BE(at + SIZE)
  if (magic === 2 && size >= HEADER - 12) return size
  const base = int64(buffer, at)
  if (magic === 2) throw damaged(base, where, `it says it has ${size} bytes`)
  throw new StratumError(
    'FORMAT_UNSUPPORTED',
    magic < 2
      ? `${where.topic}/${where.partition} holds a batch of Kafka's old format ${magic} at offset ${base}: copy the topic with a client of Kafka 0.11 or newer and read the copy, or start behind it`
      : `${where.topic}/${where.partition} holds a batch of format ${magic} at offset ${base}, newer than this release reads (2): update Stratum`,
  )
}

/** A control record's key is version int16 · type int16; types: 0 abort, 1 commit. Control batches are never packed. */
function isAbortMarker(buffer: Buffer, at: number): boolean {
  // size varint · attributes · time varint · offset varint · key length varint · key
  let p = skipVarint(buffer, at) + 1
  p = skipVarint(buffer, p)
  p = skipVarint(buffer, p)
  p = skipVarint(buffer, p)
  return buffer[p + 2] === 0 && buffer[p + 3] === 0
}

function skipVarint(buffer: Buffer, at: number): number {
  let p = at
  while (buffer[p]! >= 0x80) p++
  return p + 1
}

function damaged(base: number, { topic, partition }: DecodeOptions, how: string): StratumError {
  return new StratumError(
    'LOG_CORRUPT',
    `the batch at offset ${base} of ${topic}/${partition} is damaged (${how}): read it from another replica, or take it away by moving the topic's start behind it`,
  )
}
