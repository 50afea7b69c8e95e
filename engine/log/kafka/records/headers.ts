import { type Cursor, varint } from './varint.ts'

/**
 * A record's time is kept in ms by Kafka; what is left of its microseconds travels as this header
 * (1–999; less than 0 within the first millisecond of 1970, where a client would write the time of the day).
 */
export const MICROS_HEADER = 'us'

export interface Headers {
  /** Microseconds to add to the record's time. */
  readonly micros: number
  readonly shown: Readonly<Record<string, string>> | undefined
}

/** The headers at the cursor, which moves past them; null where they are not what they should be. */
export function readHeaders(buffer: Buffer, cursor: Cursor): Headers | null {
  const count = varint(buffer, cursor)
  if (!(count >= 0 && count <= buffer.length)) return null
  let micros = 0
  const shown: [string, string][] = []
  for (let i = 0; i < count; i++) {
    const key = text(buffer, cursor)
    const value = text(buffer, cursor)
    if (key === null || value === null) return null
    if (key === MICROS_HEADER && /^(-?[1-9]\d{0,2}|-1000)$/.test(value)) micros = Number(value)
    else shown.push([key, value])
  }
  // fromEntries defines: a header named `__proto__` is one like any other.
  return { micros, shown: shown.length > 0 ? Object.fromEntries(shown) : undefined }
}

/** A text with its size before it; a null one (size −1) is empty. */
function text(buffer: Buffer, cursor: Cursor): string | null {
  const size = varint(buffer, cursor)
  if (size === -1) return ''
  const end = cursor.at + size
  if (!(size >= 0 && end <= buffer.length)) return null
  const read = buffer.toString('utf8', cursor.at, end)
  cursor.at = end
  return read
}
