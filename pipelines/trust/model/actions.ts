/** What autopilot can do (product.md §2 row 19). */
export const ACTION_TYPES = [
  'BUDGET_INCREASE',
  'BUDGET_DECREASE',
  'BID_INCREASE',
  'BID_DECREASE',
  'CAMPAIGN_PAUSE',
  'CAMPAIGN_ENABLE',
  'ADSET_PAUSE',
  'ADSET_ENABLE',
  'CREATIVE_PAUSE',
  'CREATIVE_ENABLE',
] as const
export type ActionType = (typeof ACTION_TYPES)[number]

export const RISK_CLASSES = ['risk_increasing', 'protective'] as const
export type RiskClass = (typeof RISK_CLASSES)[number]

/** What spends more raises risk: increases and everything that is switched on; the rest protects (product.md §4.2). */
export const riskClassOf = (type: ActionType): RiskClass =>
  type.endsWith('_INCREASE') || type.endsWith('_ENABLE') ? 'risk_increasing' : 'protective'
