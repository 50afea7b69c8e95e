import { deterministicId } from '../../engine/codec/ids.ts'
import { stage } from '../../engine/stage/stage.ts'
import type { PlatformConnectionSet } from '../connections/kinds.ts'
import type { PlatformSwitchSet } from '../kill-switch/kinds.ts'
import { type PlatformTrust, platformGateKind } from './handed.ts'
import { explain } from './model/explain/explain.ts'
import { unfold, unfoldedLines } from './model/explain/unfold.ts'
import type { Operations } from './model/gate/caps.ts'
import { decide, type GateDecision, type Histories } from './model/gate/decision.ts'
import type { Scope } from './model/gate/evidence.ts'
import { inputsHash } from './model/gate/inputs-hash.ts'
import { STATUS_OF } from './model/level.ts'
import { policyFor } from './settings/policies.ts'
import { type SignalHealth, signalHealthKind } from './signal-health.ts'

/** A row for an evaluation that changed nothing, so often. Microseconds. */
const SHOWN_EVERY_US = 300_000_000

interface Gates {
  /** The kill switch of the tenant. */
  isEngaged: boolean
  /** Of the platform, as it was told last. */
  connection: string
  histories: Record<Scope, Histories>
  /** What was shown last, and when. */
  shown: string
  shownAt: number
}

const noGates = (): Gates => ({
  isEngaged: false,
  connection: 'CONNECTED',
  histories: { all: closed, delivery: closed },
  shown: '',
  shownAt: 0,
})
const closed: Histories = { risk_increasing: null, protective: null }

/**
 * May actions run on a platform? Each evaluation of its components gives the gates of both classes of action on both
 * scopes of evidence; what is worse holds at once, what is better only after a while.
 */
export const trust = stage({
  name: 'trust',
  version: 1,
  key: (r: PlatformTrust | PlatformSwitchSet | PlatformConnectionSet) => [r.tenant_id, r.platform],
  state: {
    version: 2,
    empty: noGates,
    migrate: old => ({ ...noGates(), ...(old as Omit<Gates, 'isEngaged' | 'connection'>) }),
  },
  on: {
    platform_switch_set(state: Gates, { engaged }: PlatformSwitchSet) {
      state.isEngaged = engaged
    },
    platform_connection_set(state: Gates, { connection }: PlatformConnectionSet) {
      state.connection = connection
    },
    platform_trust(state: Gates, evaluated: PlatformTrust, ctx) {
      const { tenant_id, platform, trust, settings, event_time: now, ingest_time, zone } = evaluated
      const policy = policyFor(settings.version, settings.text)
      const operations: Operations = {
        kill_switch: state.isEngaged,
        connection: state.connection,
        evaluated_at: now,
        // Of writing, which the executor's results tell of later: the autopilot looks at it when it decides.
        breaker: 'CLOSED',
      }
      const of = (scope: Scope) =>
        decide(platform, scope, trust, operations, state.histories[scope], now, policy)
      const [all, delivery] = [of('all'), of('delivery')]
      state.histories = { all: historyOf(all), delivery: historyOf(delivery) }
      const base = {
        tenant_id,
        event_id: deterministicId(tenant_id, platform, 'trust', evaluated.event_id),
        event_time: now,
        ingest_time,
      }
      ctx.hand(platformGateKind, { ...base, platform, settings, decisions: { all, delivery } })

      const gates = [all, delivery].flatMap(d => [d.risk_increasing, d.protective])
      const shown = `${gates.map(d => d.final).join()} ${all.view.caps.map(c => c.code).join()} ${settings.version}`
      if (shown === state.shown && now < state.shownAt + SHOWN_EVERY_US) return
      state.shown = shown
      state.shownAt = now
      const { risk_increasing: risk, protective } = all
      const about = { trust, policy, zone }
      const { view } = all
      const row: SignalHealth = {
        ...base,
        platform,
        as_of: now,
        emq: trust.emq.value,
        freshness: trust.freshness.value,
        variance: trust.variance.value,
        anomaly: trust.anomaly.value,
        match_rate: trust.drivers.match_rate.value,
        coverage: trust.drivers.coverage.value,
        latency: trust.drivers.latency.value,
        attribution_accuracy: trust.drivers.attribution.value,
        data_freshness: trust.drivers.data_freshness.value,
        score: view.score,
        confidence: view.confidence,
        status: view.status,
        effective_status: STATUS_OF[risk.final],
        caps: view.caps.map(cap => cap.code),
        gate_risk_increasing: risk.final,
        gate_protective: protective.final,
        gate_risk_increasing_delivery: delivery.risk_increasing.final,
        gate_protective_delivery: delivery.protective.final,
        opens: explain({ decision: risk, ...about }).opens,
        explanation: [
          ...explain({ decision: risk, ...about }).lines,
          ...unfoldedLines(unfold(trust, { platform, policy, zone })),
        ].join('\n'),
        policy_version: settings.version,
        valid_until: risk.valid_until,
        inputs_hash: inputsHash(risk.inputs, settings.version),
      }
      ctx.emit('signals', signalHealthKind, row, [tenant_id, platform])
    },
  },
})

const historyOf = (decisions: {
  readonly risk_increasing: GateDecision
  readonly protective: GateDecision
}): Histories => ({
  risk_increasing: decisions.risk_increasing.hysteresis,
  protective: decisions.protective.hysteresis,
})
