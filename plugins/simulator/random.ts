import { createHash } from 'node:crypto'

/**
 * Chance that is the same for the same names: `chance(seed, 'ad', id, day)` needs no order in which things are asked,
 * so that a page, a day or a restart never changes another's figures.
 */
export interface Chance {
  /** 0 ≤ x < 1. */
  next(): number
  /** An integer, both ends included. */
  between(low: number, high: number): number
  pick<T>(items: readonly T[]): T
  /** Normal with mean 0 and deviation 1. */
  normal(): number
}

export function chance(...names: readonly (string | number)[]): Chance {
  const digest = createHash('sha256').update(names.join('\0')).digest()
  // xoshiro128**: Blackman, Vigna: "Scrambled Linear Pseudorandom Number Generators", 2018.
  const s = new Uint32Array(4)
  for (let i = 0; i < 4; i++) s[i] = digest.readUInt32LE(i * 4)
  const rotl = (x: number, k: number) => (x << k) | (x >>> (32 - k))
  const uint = (): number => {
    const result = Math.imul(rotl(Math.imul(s[1]!, 5), 7), 9) >>> 0
    const t = s[1]! << 9
    s[2]! ^= s[0]!
    s[3]! ^= s[1]!
    s[1]! ^= s[2]!
    s[0]! ^= s[3]!
    s[2]! ^= t
    s[3] = rotl(s[3]!, 11)
    return result
  }
  const next = () => uint() / 2 ** 32
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: items => items[Math.floor(next() * items.length)]!,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  }
}
