/**
 * Holm's adjustment of several p-values, in their order: the kth smallest of m is multiplied by m − k + 1, and none is below
 * a smaller one's. Null ones are no tests and stay null.
 */
export function holm(ps: readonly (number | null)[]): (number | null)[] {
  const tested = ps.flatMap((p, i) => (p === null ? [] : [{ p, i }])).sort((a, b) => a.p - b.p)
  const adjusted = new Array<number | null>(ps.length).fill(null)
  let least = 0
  for (const [k, { p, i }] of tested.entries()) {
    least = Math.max(least, Math.min(1, p * (tested.length - k)))
    adjusted[i] = least
  }
  return adjusted
}
