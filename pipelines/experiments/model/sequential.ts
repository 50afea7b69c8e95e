/** Sample at which the interval is narrowest against a fixed one (GrowthBook's default). */
const TUNED_FOR = 5000

/** An interval and a p-value that hold however often somebody looks. */
export interface Sequential {
  readonly lower: number
  readonly upper: number
  readonly p: number
}

/**
 * Asymptotic confidence sequence (Waudby-Smith et al. 2021, as GrowthBook has it):
 * `est ± se √N √(2(Nr²+1)/(N²r²) · ln(√(Nr²+1)/α))`, `r² = (−2 ln α + ln(−2 ln α + 1))/N*`. Null where the error is 0.
 * @param n users of both arms
 * @param alpha 0 < alpha < 1
 */
export function sequential(
  estimate: number,
  standardError: number,
  n: number,
  alpha: number,
  tunedFor: number = TUNED_FOR,
): Sequential | null {
  if (!(standardError > 0)) return null
  const a = -2 * Math.log(alpha)
  const r2 = (a + Math.log(a + 1)) / tunedFor
  const k = n * r2 + 1
  const half =
    standardError * Math.sqrt(n) * Math.sqrt(((2 * k) / (n * n * r2)) * Math.log(Math.sqrt(k) / alpha))
  const s = (n * estimate * estimate) / (standardError * standardError)
  // √k·e^−x, by logarithms: neither factor may overflow.
  const p = Math.min(1, Math.exp(Math.log(k) / 2 - (r2 * s) / (2 * k)))
  return { lower: estimate - half, upper: estimate + half, p }
}

/**
 * Mixture sequential probability ratio test (Johari et al. 2017) of a difference of means: the likelihood ratio
 * `Λ = √(V/(V+nτ²)) · exp(n²τ²d²/(2V(V+nτ²)))`. The always valid p-value is the least of `1/Λ` so far.
 * @param variance V = s²_A + s²_B, above 0
 * @param n users of each arm
 * @param tau2 τ², variance of the effects that are mixed, above 0
 */
export function mixtureP(difference: number, variance: number, n: number, tau2: number, before = 1): number {
  const spread = variance + n * tau2
  const log =
    Math.log(variance / spread) / 2 + (n * n * tau2 * difference * difference) / (2 * variance * spread)
  return Math.min(before, 1, Math.exp(-log))
}

/**
 * Evan Miller's simple sequential test, one-sided: what to do after T conversions of the treatment and C of the control,
 * N chosen before. It counts conversions, so arms have to be of one size.
 */
export function simpleSequential(
  treatment: number,
  control: number,
  n: number,
): 'TREATMENT_WINS' | 'NO_WINNER' | 'CONTINUE' {
  if (treatment - control >= 2 * Math.sqrt(n)) return 'TREATMENT_WINS'
  return treatment + control >= n ? 'NO_WINNER' : 'CONTINUE'
}
