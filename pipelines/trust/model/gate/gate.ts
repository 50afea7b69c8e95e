import type { Component, TrustPolicy } from '../../settings/policy.ts'
import type { RiskClass } from '../actions.ts'
import { COMPONENTS, type Components, type Composite, composite, gateOfScore } from '../composite.ts'
import { type Gate, STATUS_OF, type Status, worse } from '../level.ts'
import { type Cap, componentCaps, limitOf, passFrom } from './caps.ts'

/** The gate of one class of action at one moment, before hysteresis. */
export interface ClassGate {
  /** By the score alone. */
  readonly raw: Gate
  /** How far the caps let it go. */
  readonly limit: Gate
  /** The worse of the two. */
  readonly capped: Gate
  /** Scores from which it passes and from which it holds. */
  readonly pass_from: number
  readonly hold_from: number
}

export interface GateView extends Composite {
  readonly caps: readonly Cap[]
  readonly gates: Readonly<Record<RiskClass, ClassGate>>
  /** After caps, always that of actions that raise risk. */
  readonly effective_status: Status
}

/**
 * The gate for both classes of action on some evidence: score, caps, and how far each class may go. Whatever does not
 * count (`counting`) is not looked at. Source: product.md §4.2, §4.3.
 * @param operating caps of `operationCaps`
 */
export function gateView(
  components: Components,
  policy: TrustPolicy,
  counting: readonly Component[] = COMPONENTS,
  operating: readonly Cap[] = [],
): GateView {
  const known = inRange(components)
  const { score, confidence, status, reason } = composite(known, policy, counting)
  const caps = [...componentCaps(known, score, counting, policy), ...operating]
  const raw = gateOfScore(score, policy)
  const isWithoutVariance = counting.includes('variance') && known.variance === null
  const gateOf = (risk: RiskClass): ClassGate => {
    const limit = limitOf(caps, risk)
    return {
      raw,
      limit,
      capped: worse(raw, limit),
      pass_from: passFrom(risk, isWithoutVariance, policy),
      hold_from: policy.settings.composite.hold,
    }
  }
  const gates = { risk_increasing: gateOf('risk_increasing'), protective: gateOf('protective') }
  const effective_status = STATUS_OF[gates.risk_increasing.capped]
  return { score, confidence, status, reason, caps, gates, effective_status }
}

/** What is no number is unknown, and no score is under 0 or over 100, whoever made it. */
function inRange({ emq, freshness, variance, anomaly }: Components): Components {
  return {
    emq: clamp(emq),
    freshness: clamp(freshness),
    variance: clamp(variance),
    anomaly: clamp(anomaly),
  }
}

const clamp = (value: number | null): number | null =>
  value === null || Number.isNaN(value) ? null : value < 0 ? 0 : value > 100 ? 100 : value
