import { StratumError } from '../../../errors.ts'
import { int64 } from './int64.ts'

/** From `firstOffset` on, up to its next abort marker, what this producer wrote was taken back. */
export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
}

export interface FetchedPartition {
  readonly topic: string
  readonly partition: number
  /** Kafka's code; 0 is none. The other fields are −1 or empty where it is not. */
  readonly errorCode: number
  readonly highWatermark: number
  /** Below it every transaction is decided: the end of the log for a reader of committed records. */
  readonly lastStableOffset: number
  readonly logStartOffset: number
  readonly aborted: readonly AbortedTransaction[]
  /** Record batches as they lie in the log; the last one may be cut short. A view, not a copy. */
  readonly records: Buffer
}

export interface FetchResponse {
  readonly throttleMs: number
  readonly errorCode: number
  readonly sessionId: number
  readonly partitions: readonly FetchedPartition[]
}

const NONE: readonly AbortedTransaction[] = []
const EMPTY = Buffer.alloc(0)

/**
 * The body of a Fetch response, version 11 (what follows the correlation id):
 *
 *     throttle int32 · error int16 · session int32 · [topic string · [partition]]
 *     partition: index int32 · error int16 · high watermark int64 · last stable int64 · log start int64 ·
 *                [producer id int64 · first offset int64] · preferred replica int32 · records (int32 size, bytes)
 *
 * @see https://kafka.apache.org/protocol#The_Messages_Fetch
 * @throws LOG_CORRUPT when the body is not of that layout
 */
export function decodeFetchResponse(body: Buffer): FetchResponse {
  try {
    return decode(body)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new StratumError(
      'LOG_CORRUPT',
      `an answer of Kafka to a fetch (${body.length} bytes) ends too early: what stands between may have changed it`,
      { cause: error },
    )
  }
}

function decode(body: Buffer): FetchResponse {
  const partitions: FetchedPartition[] = []
  let at = 10
  const topics = body.readInt32BE(at)
  at += 4
  for (let t = 0; t < topics; t++) {
    const length = body.readInt16BE(at)
    const topic = body.toString('utf8', at + 2, at + 2 + length)
    at += 2 + length
    const count = body.readInt32BE(at)
    at += 4
    for (let p = 0; p < count; p++) {
      const start = at
      const aborts = body.readInt32BE(at + 30)
      at += 34
      const aborted = aborts > 0 ? ([] as AbortedTransaction[]) : NONE
      for (let a = 0; a < aborts; a++, at += 16)
        (aborted as AbortedTransaction[]).push({
          producerId: int64(body, at),
          firstOffset: int64(body, at + 8),
        })
      const size = body.readInt32BE(at + 4)
      at += 8
      const records = size > 0 ? body.subarray(at, at + size) : EMPTY
      at += records.length
      if (records.length < size) throw new RangeError(`${size} bytes of records, ${records.length} are there`)
      partitions.push({
        topic,
        partition: body.readInt32BE(start),
        errorCode: body.readInt16BE(start + 4),
        highWatermark: int64(body, start + 6),
        lastStableOffset: int64(body, start + 14),
        logStartOffset: int64(body, start + 22),
        aborted,
        records,
      })
    }
  }
  return {
    throttleMs: body.readInt32BE(0),
    errorCode: body.readInt16BE(4),
    sessionId: body.readInt32BE(6),
    partitions,
  }
}
