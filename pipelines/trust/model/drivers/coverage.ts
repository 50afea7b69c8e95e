import type { TrustPolicy } from '../../settings/policy.ts'
import { type Measured, measured, unknown } from '../measured.ts'

/** Each null where it is not known; all of 28 days but `twins`, which is of 48 hours. */
export interface CoverageInputs {
  /** Pages with the tag, of those that should have it. */
  readonly pages: { readonly tagged: number; readonly expected: number } | null
  /** Event types that were seen, of those that are configured. */
  readonly types: { readonly seen: number; readonly configured: number } | null
  /** Browser events that also came from the server, of all browser events. */
  readonly twins: { readonly both: number; readonly browser: number } | null
}

export type Coverage = Measured<CoverageInputs, 'NOT_COUNTED'>

const share = (part: number, whole: number): number | null =>
  whole > 0 ? Math.min(1, Math.max(0, part / whole)) : null

/** D2, pixel coverage: the mean of those shares that are known. Source: product.md §4.1. */
export function coverage(inputs: CoverageInputs, policy: TrustPolicy): Coverage {
  const { pages, types, twins } = inputs
  const goal = policy.settings.match_quality.server_twin_goal
  const shares = [
    pages && share(pages.tagged, pages.expected),
    types && share(types.seen, types.configured),
    twins && share(twins.both, twins.browser * goal),
  ].filter(known => known !== null)
  if (shares.length === 0) return unknown('NOT_COUNTED', inputs)
  return measured((100 * shares.reduce((a, b) => a + b, 0)) / shares.length, inputs)
}
