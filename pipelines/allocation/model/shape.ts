/** The elasticity at the reference spend: .05, .10 … 1.00. */
export const ELASTICITIES: readonly number[] = Array.from({ length: 20 }, (_, i) => (i + 1) / 20)
/** Means of a platform's elasticities: .30, .35 … .95. */
export const PLATFORM_MEANS: readonly number[] = Array.from({ length: 14 }, (_, i) => (i + 6) / 20)

const SPREAD = 0.2
const USUAL = 0.6

/** S(b, z) = z − ln(b + (1−b)eᶻ): the logarithm of the curve against its level. */
export const shape = (b: number, z: number): number => z - Math.log(b + (1 - b) * Math.exp(z))

/** ln of the elasticity at z: b / (b + (1−b)eᶻ). */
export const lnElasticity = (b: number, z: number): number => Math.log(b / (b + (1 - b) * Math.exp(z)))

const bell = (x: number, mean: number): number => Math.exp(-((x - mean) ** 2) / (2 * SPREAD * SPREAD))

export function normalised(weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map(w => w / sum)
}

/** N(b; μ, .20) over the grid of b, for each μ. */
export const PRIORS: readonly (readonly number[])[] = PLATFORM_MEANS.map(mu =>
  normalised(ELASTICITIES.map(b => bell(b, mu))),
)

/** N(μ; .60, .20). */
export const MEAN_PRIOR: readonly number[] = PLATFORM_MEANS.map(mu => bell(mu, USUAL))

export function sdOf(p: readonly number[]): number {
  const mean = meanOf(p)
  return Math.sqrt(ELASTICITIES.reduce((sum, b, k) => sum + p[k]! * (b - mean) ** 2, 0))
}

export const meanOf = (p: readonly number[]): number => ELASTICITIES.reduce((sum, b, k) => sum + p[k]! * b, 0)
