/**
 * The Shapley value as it is defined: of each player what it adds to a coalition, over all 2^n coalitions of the others,
 * weighted by s! (n − s − 1)! ÷ n!.
 */
export function byForce<Player>(
  players: readonly Player[],
  worth: (coalition: ReadonlySet<Player>) => number,
): number[] {
  const n = players.length
  const worths = Array.from({ length: 2 ** n }, (_, mask) =>
    mask === 0 ? 0 : worth(new Set(players.filter((_, i) => mask & (1 << i)))),
  )
  const factorial = (k: number): number => (k <= 1 ? 1 : k * factorial(k - 1))
  return players.map((_, i) => {
    let value = 0
    for (let mask = 0; mask < 2 ** n; mask++) {
      if (mask & (1 << i)) continue
      const s = players.filter((_, j) => mask & (1 << j)).length
      const weight = (factorial(s) * factorial(n - s - 1)) / factorial(n)
      value += weight * (worths[mask | (1 << i)]! - worths[mask]!)
    }
    return value
  })
}
