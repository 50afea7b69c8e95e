import { crc32c } from '@node-rs/crc32'

/** Writes record batches as brokers keep them (magic 2), for the tests and the bench of their decoder. */

export interface Written {
  readonly offset: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** ms */
  readonly time?: number
  readonly headers?: readonly (readonly [string, string | null])[]
}

export interface BatchSpec {
  readonly base: number
  readonly records: readonly Written[]
  /** By default that of the last record. Compaction leaves it as it was when records go. */
  readonly last?: number
  readonly baseTime?: number
  readonly maxTime?: number
  readonly stamped?: boolean
  readonly producer?: number
  readonly transactional?: boolean
  readonly control?: boolean
  readonly codec?: number
  readonly pack?: (records: Buffer) => Buffer
}

export function batch(spec: BatchSpec): Buffer {
  const baseTime = spec.baseTime ?? spec.records[0]?.time ?? 0
  const plain = Buffer.concat(spec.records.map(written => record(written, spec.base, baseTime)))
  const body = spec.pack ? spec.pack(plain) : plain
  const head = Buffer.alloc(61)
  head.writeBigInt64BE(BigInt(spec.base), 0)
  head.writeInt32BE(49 + body.length, 8)
  head.writeInt32BE(3, 12)
  head.writeInt8(2, 16)
  head.writeInt16BE(
    (spec.codec ?? 0) | (spec.stamped ? 8 : 0) | (spec.transactional ? 16 : 0) | (spec.control ? 32 : 0),
    21,
  )
  head.writeInt32BE((spec.last ?? spec.records.at(-1)!.offset) - spec.base, 23)
  head.writeBigInt64BE(BigInt(baseTime), 27)
  head.writeBigInt64BE(BigInt(spec.maxTime ?? baseTime), 35)
  head.writeBigInt64BE(BigInt(spec.producer ?? -1), 43)
  head.writeInt16BE(spec.producer === undefined ? -1 : 0, 51)
  head.writeInt32BE(spec.producer === undefined ? -1 : 0, 53)
  head.writeInt32BE(spec.records.length, 57)
  return sealed(Buffer.concat([head, body]))
}

/** With the checksum its bytes have now. */
export function sealed(bytes: Buffer): Buffer {
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17)
  return bytes
}

/** A transaction's end, as the coordinator writes it. */
export function marker(offset: number, producer: number, type: 'abort' | 'commit'): Buffer {
  const key = Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1])
  return batch({
    base: offset,
    records: [{ offset, key, value: Buffer.alloc(6) }],
    producer,
    transactional: true,
    control: true,
  })
}

function record({ offset, key, value, time, headers = [] }: Written, base: number, baseTime: number): Buffer {
  const body = Buffer.concat([
    Buffer.alloc(1),
    varint((time ?? baseTime) - baseTime),
    varint(offset - base),
    sized(key),
    sized(value),
    varint(headers.length),
    ...headers.flatMap(([name, text]) => [
      sized(Buffer.from(name)),
      sized(text === null ? null : Buffer.from(text)),
    ]),
  ])
  return Buffer.concat([varint(body.length), body])
}

function sized(bytes: Buffer | null): Buffer {
  return bytes === null ? varint(-1) : Buffer.concat([varint(bytes.length), bytes])
}

export function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n))
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}
