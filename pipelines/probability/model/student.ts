import { normalQuantile } from './normal.ts'

/** `level`'s two-sided z: 1.959963984540054 for .95. @param level 0 < level < 1 */
export const twoSidedZ = (level: number): number => normalQuantile(1 - (1 - level) / 2)

/**
 * Two-sided quantile of Student's t by the Cornish-Fisher expansion in 1/v (Abramowitz, Stegun 26.7.5, to v⁻³), also for
 * fractional degrees of freedom: t(.95; 10) = 2.227972, where the exact one is 2.228139.
 * @param level 0 < level < 1
 * @param v degrees of freedom, ≥ 4
 */
export function studentQuantile(level: number, v: number): number {
  const z = twoSidedZ(level)
  const z2 = z * z
  return (
    z +
    (z * (z2 + 1)) / (4 * v) +
    (z * (5 * z2 * z2 + 16 * z2 + 3)) / (96 * v * v) +
    (z * (3 * z2 ** 3 + 19 * z2 * z2 + 17 * z2 - 15)) / (384 * v ** 3)
  )
}
