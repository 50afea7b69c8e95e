import type { Rule, RuleMode } from '../../rules/model/rule.ts'
import type { Tree } from '../../tree.ts'

/** What a case says there is, checked and with what it left out. */
export interface Situation {
  readonly trust: {
    readonly emq: number | null
    readonly freshness: number | null
    readonly variance: number | null
    readonly anomaly: number | null
    /** Of the spend report alone; left out: as all is. */
    readonly spend_freshness?: number | null
    readonly spend_anomaly?: number | null
  }
  readonly kill_switch: boolean | null
  readonly connection: string | null
  readonly breaker: 'CLOSED' | 'HALF_OPEN' | 'OPEN'
  readonly evaluation_age_minutes: number
  /** Left out: of the rule, else auto. */
  readonly mode?: RuleMode
  readonly actor: 'rule' | 'person'
  readonly role?: string
  readonly confirmed: boolean
  readonly reverts: boolean
  readonly open_action: boolean
  readonly queue_full: boolean
  /** Metrics it rests on; left out: all. */
  readonly reads?: readonly string[]
  /** Settings of the autopilot, JSON. */
  readonly settings: string
  /** `account`, `entity`, `proposal` for `factsOfGiven`. */
  readonly figures: Tree
  /** Null: what is proposed is given. */
  readonly rule: Rule | null
  /** All that was given, by its names. */
  readonly given: Tree
}
