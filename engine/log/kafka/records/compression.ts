import { createRequire } from 'node:module'
import zlib from 'node:zlib'
import { messageOf, StratumError } from '../../../errors.ts'
import { unpackLz4 } from './lz4.ts'
import { unpackSnappy } from './snappy.ts'

type Unpack = (packed: Buffer) => Buffer

const require = createRequire(import.meta.url)

/** By the number in a batch's attributes. A library is readied with the first batch that needs it. */
const CODECS: readonly ({ readonly name: string; readonly unpack: Unpack } | undefined)[] = [
  undefined,
  { name: 'gzip', unpack: packed => zlib.gunzipSync(packed) },
  { name: 'snappy', unpack: unpackSnappy },
  { name: 'lz4', unpack: unpackLz4 },
  { name: 'zstd', unpack: unpackZstd },
]

/**
 * The records of a compressed batch, unpacked; the batch at offset `base` of a partition, for the message.
 * @throws LOG_CORRUPT when the bytes are not what the codec writes; FORMAT_UNSUPPORTED for a codec not known here
 */
export function decompress(
  codec: number,
  packed: Buffer,
  base: number,
  { topic, partition }: { readonly topic: string; readonly partition: number },
): Buffer {
  const known = CODECS[codec]
  if (known === undefined)
    throw new StratumError(
      'FORMAT_UNSUPPORTED',
      `the batch at offset ${base} of ${topic}/${partition} is compressed with codec ${codec}, which this release does not know: have its producer use gzip, snappy, lz4 or zstd, or update Stratum`,
    )
  try {
    return known.unpack(packed)
  } catch (error) {
    throw new StratumError(
      'LOG_CORRUPT',
      `the batch at offset ${base} of ${topic}/${partition} is not ${known.name} (${messageOf(error)}): read it from another replica, or move the topic's start behind it`,
      { cause: error },
    )
  }
}

/** Node’s own from 22.15 on; before, a decoder in JavaScript. */
const native = (zlib as { zstdDecompressSync?: Unpack }).zstdDecompressSync
let zstd: typeof import('fzstd') | undefined

function unpackZstd(packed: Buffer): Buffer {
  if (native) return native(packed)
  zstd ??= require('fzstd') as typeof import('fzstd')
  const plain = zstd.decompress(packed)
  return Buffer.from(plain.buffer, plain.byteOffset, plain.length)
}
