import type { Component, TrustPolicy } from '../settings/policy.ts'
import { type Gate, STATUS_OF, type Status } from './level.ts'
import { weightedMean } from './mean.ts'

/** Scores of 0 to 100, null where unknown. */
export type Components = Readonly<Record<Component, number | null>>

export const COMPONENTS = ['emq', 'freshness', 'variance', 'anomaly'] as const

export interface Composite {
  readonly score: number | null
  /** Share of the weights that is known, 0 to 1. */
  readonly confidence: number
  /** By the score alone, before caps. */
  readonly status: Status
  readonly reason: 'NO_DATA' | null
}

/** Score, confidence and status of those components that count; product.md §4.2. Compared unrounded. */
export function composite(
  components: Components,
  policy: TrustPolicy,
  counting: readonly Component[] = COMPONENTS,
): Composite {
  const { value: score, known } = weightedMean(
    counting.map(name => [policy.componentWeights[name], components[name]]),
  )
  return {
    score,
    confidence: known,
    status: STATUS_OF[gateOfScore(score, policy)],
    reason: score === null ? 'NO_DATA' : null,
  }
}

/** By the thresholds alone. A score that is not a number passes nothing. */
export function gateOfScore(score: number | null, { settings: { composite: at } }: TrustPolicy): Gate {
  if (score === null) return 'BLOCK'
  return score >= at.pass ? 'PASS' : score >= at.hold ? 'HOLD' : 'BLOCK'
}
