/** Numbers in [0, 1) that follow from a seed and a place: the same wherever and whenever they are asked for. */
export type Random = () => number

export function randomAt(...place: readonly (string | number)[]): Random {
  let a = 0x811c9dc5
  for (const char of place.join('\0')) a = Math.imul(a ^ char.charCodeAt(0), 0x01000193)
  // mulberry32 (Tommy Ettinger, public domain)
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A draw from the Poisson distribution of a mean below about 50 (Knuth's method). */
export function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean)
  let n = 0
  for (let product = random(); product > limit; product *= random()) n++
  return n
}

/** One of some things by their weights. */
export function weighted<T extends { readonly weight: number }>(random: Random, things: readonly T[]): T {
  let at = random() * things.reduce((sum, thing) => sum + thing.weight, 0)
  for (const thing of things) {
    at -= thing.weight
    if (at < 0) return thing
  }
  return things[things.length - 1]!
}
