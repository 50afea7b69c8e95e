import { gzipSync } from 'node:zlib'
import { snappyCompressor } from 'hysnappy'

/** Compresses as Kafka's clients do, for the tests of the other way. */
export type Pack = (plain: Buffer) => Buffer

const compress = snappyCompressor()
export const snappy: Pack = plain => Buffer.from(compress(plain))

/** As snappy-java frames it; Java clients make blocks of 32 KiB. */
export function xerial(plain: Buffer, blockSize = 32_768): Buffer {
  const parts: Buffer[] = [Buffer.from([0x82, ...Buffer.from('SNAPPY'), 0, 0, 0, 0, 1, 0, 0, 0, 1])]
  for (let at = 0; at < plain.length; at += blockSize) {
    const block = snappy(plain.subarray(at, at + blockSize))
    parts.push(int32(block.length, 'BE'), block)
  }
  return Buffer.concat(parts)
}

/** An LZ4 frame of compressed blocks without references from one to another; its checksums are left 0. */
export function lz4(plain: Buffer, { blockSize = 65_536, sums = false, size = false } = {}): Buffer {
  const flags = 0x60 | (sums ? 0x14 : 0) | (size ? 0x08 : 0)
  const length = Buffer.alloc(size ? 8 : 0)
  if (size) length.writeUInt32LE(plain.length)
  const parts: Buffer[] = [int32(0x184d2204, 'LE'), Buffer.from([flags, 0x40]), length, Buffer.alloc(1)]
  for (let at = 0; at < plain.length; at += blockSize) {
    const part = plain.subarray(at, at + blockSize)
    const block = lz4Block(part)
    const stored = block.length >= part.length
    parts.push(int32(stored ? part.length | 0x8000_0000 : block.length, 'LE'), stored ? part : block)
    if (sums) parts.push(Buffer.alloc(4))
  }
  return Buffer.concat([...parts, Buffer.alloc(sums ? 8 : 4)])
}

/** Greedy: of each place the last one with the same four bytes. The last 12 bytes stay literals, as is the rule. */
function lz4Block(plain: Buffer): Buffer {
  const seen = new Map<number, number>()
  const parts: Buffer[] = []
  let literals = 0
  let at = 0
  while (at < plain.length - 12) {
    const word = plain.readInt32LE(at)
    const found = seen.get(word)
    seen.set(word, at)
    if (found === undefined) {
      at++
      continue
    }
    let length = 4
    while (at + length < plain.length - 5 && plain[found + length] === plain[at + length]) length++
    parts.push(lz4Sequence(plain.subarray(literals, at), length - 4))
    parts.push(Buffer.from([(at - found) & 0xff, (at - found) >> 8]), lz4Length(length - 4))
    at += length
    literals = at
  }
  return Buffer.concat([...parts, lz4Sequence(plain.subarray(literals), 0)])
}

function lz4Sequence(literals: Buffer, match: number): Buffer {
  const token = (Math.min(literals.length, 15) << 4) | Math.min(match, 15)
  return Buffer.concat([Buffer.from([token]), lz4Length(literals.length), literals])
}

function lz4Length(length: number): Buffer {
  if (length < 15) return Buffer.alloc(0)
  return Buffer.concat([
    Buffer.alloc(Math.floor((length - 15) / 255), 255),
    Buffer.from([(length - 15) % 255]),
  ])
}

/** A zstd frame of stored blocks (RFC 8878): what the compressor itself makes is in the fixtures. */
export function zstd(plain: Buffer): Buffer {
  const parts: Buffer[] = [int32(0xfd2fb528, 'LE'), Buffer.from([0, 0x58])]
  const blockSize = 1_000
  for (let at = 0; at === 0 || at < plain.length; at += blockSize) {
    const part = plain.subarray(at, at + blockSize)
    const last = at + blockSize >= plain.length
    parts.push(int32((part.length << 3) | (last ? 1 : 0), 'LE').subarray(0, 3), part)
  }
  return Buffer.concat(parts)
}

/** Codec numbers as a batch's attributes have them. */
export const PACKS: readonly (readonly [codec: number, name: string, pack: Pack])[] = [
  [1, 'gzip', plain => gzipSync(plain)],
  [2, 'snappy', snappy],
  [2, 'snappy in blocks', plain => xerial(plain)],
  [3, 'lz4', plain => lz4(plain)],
  [3, 'lz4 with checksums and size', plain => lz4(plain, { blockSize: 100, sums: true, size: true })],
  [4, 'zstd', zstd],
]

function int32(value: number, order: 'LE' | 'BE'): Buffer {
  const bytes = Buffer.alloc(4)
  if (order === 'LE') bytes.writeInt32LE(value | 0)
  else bytes.writeInt32BE(value | 0)
  return bytes
}
