import avsc from 'avsc'

/** Where avsc reads or writes. */
interface Tap {
  readonly buf: Uint8Array
  pos: number
  readLong(): number
}

interface LongMethods {
  _write(tap: Tap, value: unknown): void
}

/** From here on a zig-zag number has no double of its own. */
const EXACT = 2 ** 52

const Base = avsc.types.LongType as unknown as new () => LongMethods

/**
 * Avro's long, exact for every safe integer. avsc zig-zags in doubles: below -2^52 (4.5 billion in micros) what it
 * writes is another number, and mostly a positive one.
 */
class ExactLong extends Base {
  override _write(tap: Tap, value: unknown): void {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value >= -EXACT)
      return super._write(tap, value)
    let rest = -2n * BigInt(value) - 1n
    for (; rest > 127n; rest >>= 7n) tap.buf[tap.pos++] = Number(rest & 127n) | 128
    tap.buf[tap.pos++] = Number(rest)
  }

  // avsc lends this to other objects: no `this` in it.
  _read(tap: Tap): number {
    const { pos } = tap
    const value = tap.readLong()
    if (value < EXACT && value > -EXACT) return value
    let zigzag = 0n
    for (let at = pos; at < tap.pos; at++) zigzag |= BigInt(tap.buf[at]! & 127) << BigInt(7 * (at - pos))
    const exact = Number(BigInt.asIntN(64, (zigzag >> 1n) ^ -(zigzag & 1n)))
    if (!Number.isSafeInteger(exact)) throw new Error('an integer beyond 2^53')
    return exact
  }
}

export const exactLong = new ExactLong() as unknown as avsc.Type
