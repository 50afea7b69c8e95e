import type { AutopilotSettings } from '../../settings/schema.ts'
import type { Change } from '../change.ts'
import type { Facts } from './facts.ts'
import type { Mode, Subtype, ViolationType } from './violation.ts'

/** Settings that are the threshold of a check. */
export const THRESHOLDS = [
  'max_campaign_budget',
  'max_daily_budget_increase_pct',
  'roas_threshold',
  'daily_spend_limit',
  'pause_roas_threshold',
  'max_frequency',
  'max_changes_per_day',
  'min_hours_between_changes',
] as const
export type Threshold = (typeof THRESHOLDS)[number]

export interface Case {
  readonly change: Change
  readonly reverts: boolean
  readonly facts: Facts
  readonly settings: AutopilotSettings
  /** UTC microseconds. */
  readonly now: number
}

/** What a check found to be wrong. */
export interface Breach {
  readonly subtype: Subtype | null
  readonly message: string
  readonly actual: number | null
  /** The strictest it may be taken; left out: as it is set. */
  readonly most?: Mode
}

/** Something that was left out of account, and why. */
export interface Note {
  readonly code: 'REACH_UNKNOWN' | 'CHANGE_INTERVAL_EXEMPT' | 'NOTHING_PROPOSED'
  readonly message: string
}

export interface Check {
  readonly type: ViolationType
  readonly setting: Threshold
  applies(of: Case): boolean
  /** Null: nothing is wrong. Equality never is, unless the check says so. */
  breach(of: Case, threshold: number): Breach | Note | null
}

export const isNote = (found: Breach | Note): found is Note => 'code' in found
