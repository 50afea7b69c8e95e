/** What a violation does, the mildest first (product.md §4.4). */
export const MODES = ['ADVISORY', 'SOFT_BLOCK', 'HARD_BLOCK'] as const
export type Mode = (typeof MODES)[number]

export const VIOLATION_TYPES = [
  'BUDGET_EXCEEDED',
  'ROAS_BELOW_THRESHOLD',
  'DAILY_SPEND_LIMIT',
  'CAMPAIGN_PAUSE_REQUIRED',
  'FREQUENCY_CAP_EXCEEDED',
] as const
export type ViolationType = (typeof VIOLATION_TYPES)[number]

/** Which of several checks of a type it was, or that it could not be made for want of data. */
export type Subtype =
  | 'CAMPAIGN_BUDGET'
  | 'DAILY_INCREASE'
  | 'BUDGET_UNKNOWN'
  | 'INSUFFICIENT_EVIDENCE'
  | 'SPEND_UNKNOWN'
  | 'SPEND_STALE'
  | 'AD_FREQUENCY'
  | 'CHANGE_COUNT'
  | 'CHANGE_INTERVAL'

export interface Violation {
  readonly type: ViolationType
  readonly subtype: Subtype | null
  /** For a marketer, with amounts in the account's currency. */
  readonly message: string
  /** Where the threshold is set. */
  readonly setting: string
  /** Both in the unit of the setting. */
  readonly threshold: number
  /** Null: it is not known. */
  readonly actual: number | null
  readonly mode: Mode
}

/** The strictest of some modes; null of none. */
export const strictest = (modes: readonly Mode[]): Mode | null =>
  modes.reduce<Mode | null>((a, b) => (a === null || MODES.indexOf(b) > MODES.indexOf(a) ? b : a), null)

export const atMost = (mode: Mode, most: Mode): Mode =>
  MODES.indexOf(mode) > MODES.indexOf(most) ? most : mode

export const isMode = (text: unknown): text is Mode => (MODES as readonly unknown[]).includes(text)
