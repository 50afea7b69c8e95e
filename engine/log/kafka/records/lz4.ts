/**
 * LZ4 frames, as Kafka's clients write them: blocks with or without references to those before, and with or without
 * checksums (a batch has its own, so these are stepped over).
 *
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md
 */
const MAGIC = 0x184d2204
const STORED = 0x8000_0000
const BLOCK_SUM = 0x10
const CONTENT_SIZE = 0x08
const CONTENT_SUM = 0x04
const DICTIONARY = 0x01
const MIN_MATCH = 4

/** @throws Error when the bytes are no whole frames */
export function unpackLz4(packed: Buffer): Buffer {
  const out = new Output(packed.length * 4 + 1024)
  let at = 0
  while (at < packed.length) at = unpackFrame(packed, at, out)
  return out.bytes.subarray(0, out.length)
}

class Output {
  bytes: Buffer
  length = 0
  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size)
  }

  /** Makes room for so many bytes more. */
  reserve(more: number): void {
    const needed = this.length + more
    if (needed <= this.bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }
}

function unpackFrame(packed: Buffer, start: number, out: Output): number {
  if (packed.readUInt32LE(start) !== MAGIC) throw new Error('no LZ4 frame begins there')
  const flags = packed.readUInt8(start + 4)
  if (flags >>> 6 !== 1) throw new Error(`LZ4 frame of version ${flags >>> 6}`)
  if (flags & DICTIONARY) throw new Error('the LZ4 frame asks for a dictionary')
  const blockLimit = 1 << (8 + 2 * ((packed.readUInt8(start + 5) >>> 4) & 7))
  // magic · flags · block size · content size? · checksum of the header (which older Java clients got wrong)
  let at = start + 7 + (flags & CONTENT_SIZE ? 8 : 0)
  for (;;) {
    const word = packed.readUInt32LE(at)
    at += 4
    if (word === 0) return at + (flags & CONTENT_SUM ? 4 : 0)
    const stored = word >= STORED
    const end = at + (stored ? word - STORED : word)
    if (end > packed.length) throw new Error('an LZ4 block runs past the end')
    if (stored) {
      out.reserve(end - at)
      out.length += packed.copy(out.bytes, out.length, at, end)
    } else {
      out.reserve(blockLimit)
      out.length = unpackBlock(packed, at, end, out.bytes, out.length, out.length + blockLimit)
    }
    at = end + (flags & BLOCK_SUM ? 4 : 0)
  }
}

/** Writes what [from, end) unpacks to at `to`, not past `limit`; returns where that ends. */
function unpackBlock(
  packed: Buffer,
  from: number,
  end: number,
  out: Buffer,
  to: number,
  limit: number,
): number {
  let p = from
  let o = to
  while (p < end) {
    const token = packed[p++]!
    let literals = token >>> 4
    if (literals === 15) {
      let more: number
      do literals += more = packed[p++]!
      while (more === 255)
    }
    if (!(p + literals <= end && o + literals <= limit)) throw new Error('LZ4 literals run past the end')
    if (literals > 32) {
      packed.copy(out, o, p, p + literals)
      o += literals
      p += literals
    } else for (const stop = p + literals; p < stop; ) out[o++] = packed[p++]!
    if (p === end) break

    const distance = packed[p]! | (packed[p + 1]! << 8)
    p += 2
    let length = (token & 15) + MIN_MATCH
    if (length === 15 + MIN_MATCH) {
      let more: number
      do length += more = packed[p++]!
      while (more === 255)
    }
    if (!(p <= end && distance > 0 && distance <= o && o + length <= limit))
      throw new Error('an LZ4 reference points outside')
    if (length > 32) copyMatch(out, o - distance, o, length)
    else for (let i = o; i < o + length; i++) out[i] = out[i - distance]!
    o += length
  }
  return o
}

/** What it copies may be what it has just written: then in steps, each twice as long as the one before. */
function copyMatch(out: Buffer, source: number, to: number, length: number): void {
  for (let done = 0; done < length; ) {
    const step = Math.min(to - source + done, length - done)
    out.copyWithin(to + done, source, source + step)
    done += step
  }
}
