import { snappyUncompressor } from 'hysnappy'

/** How snappy-java, and with it every Java client, frames blocks: this, version int32, compatible int32, then blocks. */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const XERIAL_HEADER = 16

let uncompress: ReturnType<typeof snappyUncompressor> | undefined

/**
 * One raw snappy block, or blocks in snappy-java's framing, each with its size (int32) before it.
 * @throws Error when the bytes are neither
 */
export function unpackSnappy(packed: Buffer): Buffer {
  if (packed.length < XERIAL_HEADER || packed.compare(XERIAL, 0, 8, 0, 8) !== 0) return unpackBlock(packed)
  const blocks: Buffer[] = []
  for (let at = XERIAL_HEADER; at < packed.length; ) {
    const size = packed.readInt32BE(at)
    at += 4
    if (size < 0 || at + size > packed.length) throw new Error(`a block of ${size} bytes runs past its end`)
    blocks.push(unpackBlock(packed.subarray(at, at + size)))
    at += size
  }
  return blocks.length === 1 ? blocks[0]! : Buffer.concat(blocks)
}

function unpackBlock(block: Buffer): Buffer {
  const length = unpackedLength(block)
  // Three bytes become 64 at most: no damaged length takes the memory of the process.
  if (length > block.length * 22) throw new Error(`it says ${block.length} bytes unpack to ${length}`)
  uncompress ??= snappyUncompressor()
  const plain = uncompress(block, length)
  return Buffer.from(plain.buffer, plain.byteOffset, plain.length)
}

/** A block begins with the size it unpacks to, an unsigned varint. */
function unpackedLength(block: Buffer): number {
  let length = 0
  for (let i = 0; i < 5 && i < block.length; i++) {
    length += (block[i]! & 0x7f) * 128 ** i
    if (block[i]! < 0x80) return length
  }
  throw new Error('it does not begin with a length')
}
