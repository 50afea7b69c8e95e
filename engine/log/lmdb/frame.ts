import { crc32 } from 'node:zlib'
import { StratumError } from '../../errors.ts'
import type { LogRecord, StoredRecord } from '../port.ts'

/**
 * A batch of records as bytes, the value of one LMDB entry.
 *
 *   u8 version · u32 crc of what follows · u32 count · f64 first offset
 *   record: uint offset delta · f64 time · uint key length · key · uint value length + 1 (0 = tombstone) · value ·
 *           uint headers · (str, str)…
 *
 * uint is LEB128, str is uint length and UTF-8. The checksum finds a page lost to a power cut.
 */
const VERSION = 2
const HEADER = 1 + 4
const UINT = 5
const NO_KEY = Buffer.alloc(0)

export function encodeFrame(records: readonly LogRecord[], offsets: (index: number) => number): Buffer {
  let size = HEADER + 4 + 8
  for (const r of records) {
    size += UINT * 4 + 8 + r.key.length + (r.value?.length ?? 0)
    if (r.headers)
      for (const [k, v] of Object.entries(r.headers)) size += UINT * 2 + (k.length + v.length) * 3
  }
  const out = new Writer(Buffer.allocUnsafe(size), HEADER)
  const first = offsets(0)
  out.u32(records.length)
  out.f64(first)
  for (let i = 0; i < records.length; i++) {
    const r = records[i]!
    out.uint(offsets(i) - first)
    out.f64(r.time)
    out.bytes(r.key)
    if (r.value === null) out.uint(0)
    else {
      out.uint(r.value.length + 1)
      out.raw(r.value)
    }
    if (!r.headers) out.uint(0)
    else {
      const entries = Object.entries(r.headers)
      out.uint(entries.length)
      for (const [k, v] of entries) {
        out.str(k)
        out.str(v)
      }
    }
  }
  const frame = out.done()
  frame[0] = VERSION
  frame.writeUInt32LE(crc32(frame.subarray(HEADER)) >>> 0, 1)
  return frame
}

/** Records at or after `from`. The buffer is kept alive by the records' keys and values (no copy). */
export function decodeFrame(frame: Buffer, from: number, where: string): StoredRecord[] {
  if (frame[0] !== VERSION || frame.readUInt32LE(1) !== crc32(frame.subarray(HEADER)) >>> 0)
    throw new StratumError(
      'LOG_CORRUPT',
      `${where}: a batch fails its checksum. The disk lost part of it (a power cut?): restore the data directory, or start a new one and read the sources again.`,
    )
  const at = new Reader(frame, HEADER)
  const count = at.u32()
  const first = at.f64()
  const records: StoredRecord[] = []
  let key: Buffer = NO_KEY
  for (let i = 0; i < count; i++) {
    const offset = first + at.uint()
    const time = at.f64()
    key = at.same(at.uint(), key)
    const length = at.uint()
    const value = length === 0 ? null : at.take(length - 1)
    let headers: Record<string, string> | undefined
    for (let n = at.uint(); n > 0; n--) {
      headers ??= {}
      const name = at.str()
      headers[name] = at.str()
    }
    if (offset >= from) records.push({ offset, time, key, value, headers })
  }
  return records
}

class Writer {
  #buf: Buffer
  #at: number
  constructor(buf: Buffer, at: number) {
    this.#buf = buf
    this.#at = at
  }
  u32(n: number) {
    this.#at = this.#buf.writeUInt32LE(n, this.#at)
  }
  f64(n: number) {
    this.#at = this.#buf.writeDoubleLE(n, this.#at)
  }
  uint(n: number) {
    while (n > 127) {
      this.#buf[this.#at++] = (n & 127) | 128
      n = Math.floor(n / 128)
    }
    this.#buf[this.#at++] = n
  }
  raw(b: Buffer) {
    this.#at += b.copy(this.#buf, this.#at)
  }
  bytes(b: Buffer) {
    this.uint(b.length)
    this.raw(b)
  }
  str(s: string) {
    // Most headers are ASCII: the length is known before the bytes are written.
    if (s.length < 128) {
      const written = this.#buf.write(s, this.#at + 1)
      if (written < 128) {
        this.#buf[this.#at] = written
        this.#at += 1 + written
        return
      }
    }
    this.bytes(Buffer.from(s))
  }
  done() {
    return this.#buf.subarray(0, this.#at)
  }
}

class Reader {
  #buf: Buffer
  #at: number
  constructor(buf: Buffer, at: number) {
    this.#buf = buf
    this.#at = at
  }
  u32() {
    this.#at += 4
    return this.#buf.readUInt32LE(this.#at - 4)
  }
  f64() {
    this.#at += 8
    return this.#buf.readDoubleLE(this.#at - 8)
  }
  uint() {
    let n = 0
    let scale = 1
    for (;;) {
      const b = this.#buf[this.#at++]!
      n += (b & 127) * scale
      if (b < 128) return n
      scale *= 128
    }
  }
  take(length: number) {
    this.#at += length
    return this.#buf.subarray(this.#at - length, this.#at)
  }
  /** The bytes, or the buffer before them when it holds the same: a raw topic has one key, a person many records. */
  same(length: number, before: Buffer) {
    const end = this.#at + length
    if (length !== before.length || this.#buf.compare(before, 0, length, this.#at, end) !== 0)
      return this.take(length)
    this.#at = end
    return before
  }
  str() {
    const length = this.uint()
    this.#at += length
    return this.#buf.toString('utf8', this.#at - length, this.#at)
  }
}
