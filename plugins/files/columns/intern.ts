const SIZE = 8192
/** Longer texts rarely repeat and cost more to compare than to decode. */
export const INTERN_MAX = 32

/**
 * Recent short texts by their bytes: a day of events repeats a few hundred names and values millions of times,
 * and finding one here is several times cheaper than decoding it. Holds ASCII only.
 */
export class Interner {
  readonly #slots = new Array<string | undefined>(SIZE)

  get(bytes: Buffer, from: number, to: number): string {
    let hash = 0
    for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0
    const slot = (hash ^ (hash >>> 13)) & (SIZE - 1)
    const known = this.#slots[slot]
    if (known !== undefined && matches(known, bytes, from, to)) return known
    const text = bytes.toString('utf8', from, to)
    // The same length as the bytes means ASCII, where a character code is the byte.
    if (text.length === to - from) this.#slots[slot] = text
    return text
  }
}

function matches(text: string, bytes: Buffer, from: number, to: number): boolean {
  const length = to - from
  if (text.length !== length) return false
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false
  return true
}
