/**
 * A piecewise linear curve through points, clamped outside of them: pl(x; x0→y0, x1→y1 …) of product.md §4.
 * @param points x rises
 * @throws RangeError: no points, or x does not rise
 * @returns a function of x; NaN gives the value of the last point, which in every curve here is the worst
 */
export function piecewise(points: readonly (readonly [x: number, y: number])[]): (x: number) => number {
  if (points.length === 0) throw new RangeError('a curve has at least one point')
  for (let i = 0; i < points.length; i++) {
    const [x, y] = points[i]!
    if (!Number.isFinite(x) || !Number.isFinite(y))
      throw new RangeError(`point ${i} of a curve is not finite: [${x}, ${y}]`)
    if (i > 0 && x <= points[i - 1]![0])
      throw new RangeError(`point ${i} of a curve does not rise: [${x}, ${y}]`)
  }
  const [firstX, firstY] = points[0]!
  const lastY = points[points.length - 1]![1]
  return x => {
    if (x <= firstX) return firstY
    for (let i = 1; i < points.length; i++) {
      const [x1, y1] = points[i]!
      // Of a NaN too.
      if (!(x <= x1)) continue
      if (x === x1) return y1
      const [x0, y0] = points[i - 1]!
      return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0)
    }
    return lastY
  }
}
