import type { Component, TrustPolicy } from '../../settings/policy.ts'
import type { RiskClass } from '../actions.ts'
import type { Components } from '../composite.ts'
import { type Gate, worse } from '../level.ts'
import { MINUTE_US } from '../measured.ts'

/** What the gate asks besides the scores. */
export interface Operations {
  /** Null: unknown, which is engaged. */
  readonly kill_switch: boolean | null
  /** `CONNECTED`, or what else the connection is; null: unknown, which is not connected. */
  readonly connection: string | null
  /** When the components were last evaluated, UTC microseconds; null: never. */
  readonly evaluated_at: number | null
  /** Of writing to the platform. */
  readonly breaker: 'CLOSED' | 'HALF_OPEN' | 'OPEN'
}

export type CapCode =
  | 'NO_DATA'
  | `${'EMQ' | 'FRESHNESS' | 'VARIANCE' | 'ANOMALY'}_${'MISSING' | 'LOW'}`
  | 'EMQ_AND_FRESHNESS_MISSING'
  | 'EMQ_CRITICAL'
  | 'FRESHNESS_ZERO'
  | 'KILL_SWITCH_ENGAGED'
  | 'NOT_CONNECTED'
  | 'GATE_STALE'
  | 'BREAKER_OPEN'

/** A veto: how far each class of action may go at most, whatever the score is. */
export interface Cap {
  readonly code: CapCode
  readonly limits: Readonly<Record<RiskClass, Gate>>
  readonly component: Component | null
}

/** At most HOLD for all; for what raises risk only; BLOCK for what raises risk and HOLD for the rest; BLOCK. */
const HOLD_ALL = { risk_increasing: 'HOLD', protective: 'HOLD' } as const
const HOLD_RISK = { risk_increasing: 'HOLD', protective: 'PASS' } as const
const BLOCK_RISK = { risk_increasing: 'BLOCK', protective: 'HOLD' } as const
const BLOCK_ALL = { risk_increasing: 'BLOCK', protective: 'BLOCK' } as const
const NO_LIMIT = { risk_increasing: 'PASS', protective: 'PASS' } as const

const PREFIX = { emq: 'EMQ', freshness: 'FRESHNESS', variance: 'VARIANCE', anomaly: 'ANOMALY' } as const

/**
 * The caps that hold for the components that count: a weighted sum cannot protect, since one dead component still
 * scores 60 to 85. Source: product.md §1.1, §4.2.
 * @param score of the same components
 */
export function componentCaps(
  components: Components,
  score: number | null,
  counting: readonly Component[],
  policy: TrustPolicy,
): Cap[] {
  const { component_hold: low, emq_block } = policy.settings.caps
  const caps: Cap[] = []
  if (score === null) caps.push({ code: 'NO_DATA', limits: BLOCK_ALL, component: null })
  for (const component of counting) {
    const value = components[component]
    if (value === null) {
      caps.push({
        code: `${PREFIX[component]}_MISSING`,
        limits: withoutIt(component, score, policy),
        component,
      })
    } else if (component === 'freshness' && value <= 0) {
      caps.push({ code: 'FRESHNESS_ZERO', limits: BLOCK_RISK, component })
    } else if (component === 'emq' && value < emq_block) {
      caps.push({ code: 'EMQ_CRITICAL', limits: BLOCK_RISK, component })
    } else if (value < low) caps.push({ code: `${PREFIX[component]}_LOW`, limits: HOLD_ALL, component })
  }
  if (counting.includes('emq') && components.emq === null && components.freshness === null)
    caps.push({ code: 'EMQ_AND_FRESHNESS_MISSING', limits: BLOCK_ALL, component: null })
  return caps
}

function withoutIt(component: Component, score: number | null, policy: TrustPolicy): Cap['limits'] {
  if (component === 'anomaly') return HOLD_RISK
  if (component !== 'variance') return HOLD_ALL
  return score !== null && score >= passFrom('risk_increasing', true, policy) ? NO_LIMIT : HOLD_RISK
}

/** The score from which a class of action passes; it is higher for what raises risk where variance is unknown. */
export const passFrom = (
  risk: RiskClass,
  isWithoutVariance: boolean,
  { settings: { composite, caps } }: TrustPolicy,
): number => composite.pass + (risk === 'risk_increasing' && isWithoutVariance ? caps.no_variance_margin : 0)

/** The caps that hold for reasons beside the data. @param now UTC microseconds */
export function operationCaps(operations: Operations, now: number, policy: TrustPolicy): Cap[] {
  const { kill_switch, connection, evaluated_at, breaker } = operations
  const caps: Cap[] = []
  const add = (code: CapCode, limits: Cap['limits']) => caps.push({ code, limits, component: null })
  if (kill_switch !== false) add('KILL_SWITCH_ENGAGED', BLOCK_ALL)
  if (connection !== 'CONNECTED') add('NOT_CONNECTED', BLOCK_ALL)
  if (evaluated_at === null || now - evaluated_at >= policy.settings.caps.stale_minutes * MINUTE_US)
    add('GATE_STALE', HOLD_ALL)
  if (breaker === 'OPEN') add('BREAKER_OPEN', HOLD_ALL)
  return caps
}

/** How far a class of action may go under caps. */
export const limitOf = (caps: readonly Cap[], risk: RiskClass): Gate =>
  caps.reduce<Gate>((limit, cap) => worse(limit, cap.limits[risk]), 'PASS')
