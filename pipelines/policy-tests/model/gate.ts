import type { RiskClass } from '../../trust/model/actions.ts'
import { decide, type GateDecision, type Histories } from '../../trust/model/gate/decision.ts'
import type { Measurements, Scope } from '../../trust/model/gate/evidence.ts'
import { SCOPES } from '../../trust/model/gate/evidence.ts'
import type { TrustPolicy } from '../../trust/settings/policy.ts'
import type { Situation } from './situation.ts'

const MINUTE_US = 60_000_000
export const TICK_US = 5 * MINUTE_US

/** The gates of a platform as they were evaluated last. */
export type Gates = Readonly<Record<Scope, Readonly<Record<RiskClass, GateDecision>>>>

/** One evaluation, going on from the one before; null: all has long been as it is. @param now UTC microseconds */
export function evaluated(before: Gates | null, of: Situation, now: number, policy: TrustPolicy): Gates {
  const at = (scope: Scope, histories: Histories) => {
    const operations = {
      kill_switch: of.kill_switch,
      connection: of.connection,
      evaluated_at: now - Math.round(of.evaluation_age_minutes * MINUTE_US),
      breaker: of.breaker,
    }
    return decide('meta', scope, measured(of), operations, histories, now, policy)
  }
  const each = SCOPES.map(scope => {
    if (before !== null) return [scope, at(scope, historiesOf(before[scope]))] as const
    const first = at(scope, { risk_increasing: null, protective: null })
    // As an evaluation of five minutes ago that found the same, and had found it for long.
    const still = (risk: RiskClass) => ({
      level: first[risk].gate.capped,
      evaluated_at: now - TICK_US,
      better_since: null,
      better: 0,
    })
    return [
      scope,
      at(scope, { risk_increasing: still('risk_increasing'), protective: still('protective') }),
    ] as const
  })
  return Object.fromEntries(each) as unknown as Gates
}

const historiesOf = (gates: Gates[Scope]): Histories => ({
  risk_increasing: gates.risk_increasing.hysteresis,
  protective: gates.protective.hysteresis,
})

function measured({ trust }: Situation): Measurements {
  const { emq, freshness, variance, anomaly } = trust
  const spend = { freshness: trust.spend_freshness, anomaly: trust.spend_anomaly }
  return {
    emq: { value: emq },
    variance: { value: variance },
    freshness: {
      value: freshness,
      sources: [
        {
          ...{
            name: 'spend',
            required: true,
            watermark: null,
            fresh: 0,
            stale: 0,
            age_hours: null,
            code: null,
          },
          value: spend.freshness === undefined ? freshness : spend.freshness,
        },
      ],
    },
    anomaly: {
      value: anomaly,
      metrics: { spend: { value: spend.anomaly === undefined ? anomaly : spend.anomaly, reason: null } },
    },
  }
}
