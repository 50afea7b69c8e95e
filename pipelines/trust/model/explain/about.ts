import type { TrustPolicy } from '../../settings/policy.ts'
import type { Trust } from '../evaluate.ts'
import type { Cap } from '../gate/caps.ts'
import type { GateDecision } from '../gate/decision.ts'

/** What an explanation is about. */
export interface About {
  readonly decision: GateDecision
  /** What `evaluate` measured when it was decided. */
  readonly trust: Trust
  readonly policy: TrustPolicy
  /** Zone of the ad account, of the IANA database. */
  readonly zone: string
}

/**
 * One cap in words. `because` continues "because …"; `until` continues "opens after …", as something that has to
 * happen; null: other caps say it already.
 */
export interface Told {
  readonly because: string | null
  readonly until: string | null
}

/** The score that a component must reach for a cap to go, as far as it is a matter of its score. */
export const capFrom = (cap: Cap, { policy }: Pick<About, 'policy'>): number => {
  const { component_hold, emq_block } = policy.settings.caps
  return cap.code === 'EMQ_CRITICAL' ? Math.max(emq_block, component_hold) : component_hold
}
