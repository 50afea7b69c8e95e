import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** How snappy-java, and with it every Java client, frames blocks: this, version int32, compatible int32, then blocks. */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const XERIAL_HEADER = 16

let uncompress: ((packed: Buffer) => Buffer) | undefined

/** One raw snappy block, or blocks in snappy-java's framing, each with its size (int32) before it. */
export function unpackSnappy(packed: Buffer): Buffer {
  uncompress ??= (require('snappyjs') as { uncompress(packed: Buffer): Buffer }).uncompress
  if (packed.length < XERIAL_HEADER || packed.compare(XERIAL, 0, 8, 0, 8) !== 0) return uncompress(packed)
  const blocks: Buffer[] = []
  for (let at = XERIAL_HEADER; at < packed.length; ) {
    const size = packed.readInt32BE(at)
    at += 4
    if (size < 0 || at + size > packed.length) throw new Error(`a block of ${size} bytes runs past its end`)
    blocks.push(uncompress(packed.subarray(at, at + size)))
    at += size
  }
  return blocks.length === 1 ? blocks[0]! : Buffer.concat(blocks)
}
