/**
 * The sum of finite numbers, rounded once, whatever their order (Shewchuk, Adaptive Precision Floating-Point
 * Arithmetic, 1997: what Python's `math.fsum` does): rows in another order give the same total.
 */
export function exactSum(numbers: Iterable<number>): number {
  const partials: number[] = []
  for (let x of numbers) {
    let kept = 0
    for (let i = 0; i < partials.length; i++) {
      let y = partials[i]!
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x]
      const high = x + y
      const low = y - (high - x)
      if (low !== 0) partials[kept++] = low
      x = high
    }
    partials.length = kept
    partials.push(x)
  }
  // From the largest down, until something is lost; then the sign of what follows settles a tie.
  let sum = partials.pop() ?? 0
  while (partials.length > 0) {
    const x = sum
    const y = partials.pop()!
    sum = x + y
    const low = y - (sum - x)
    if (low === 0) continue
    const next = partials.at(-1) ?? 0
    if ((low < 0 && next < 0) || (low > 0 && next > 0)) {
      const twice = low * 2
      const other = sum + twice
      if (twice === other - sum) sum = other
    }
    break
  }
  return sum
}
