/** Where reading has got to. */
export interface Cursor {
  at: number
}

/**
 * The zigzag varint (of up to 64 bits) at the cursor, which moves past it. Exact below 2^53; NaN where the buffer
 * ends in its midst or it is longer than ten bytes. Short, so that the common case, one or two bytes, is inlined.
 */
export function varint(buffer: Buffer, cursor: Cursor): number {
  const first = buffer[cursor.at]!
  if (first < 0x80) {
    cursor.at++
    return (first >>> 1) ^ -(first & 1)
  }
  const second = buffer[cursor.at + 1]!
  if (second < 0x80) {
    cursor.at += 2
    const raw = (first & 0x7f) | (second << 7)
    return (raw >>> 1) ^ -(raw & 1)
  }
  return longVarint(buffer, cursor)
}

function longVarint(buffer: Buffer, cursor: Cursor): number {
  let raw = 0
  let factor = 1
  for (let i = 0; i < 10; i++, factor *= 128) {
    const byte = buffer[cursor.at++]
    if (byte === undefined) return Number.NaN
    raw += (byte & 0x7f) * factor
    if (byte < 0x80) return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
  }
  return Number.NaN
}
