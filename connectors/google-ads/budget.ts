import type { Json } from './api/exact-json.ts'
import { text, whole } from './fields.ts'

/** What a campaign may spend, in the field its budget has it in (campaign_budget.proto). Micros. */
export interface Budget {
  /** `customers/1/campaignBudgets/2`; null: the campaign has none. */
  readonly resource: string | null
  readonly field: 'amount_micros' | 'total_amount_micros'
  readonly micros: number | null
  readonly kind: 'daily' | 'lifetime'
  /** Other campaigns spend it too, or may. */
  readonly isShared: boolean
  /** Campaigns that use it. */
  readonly campaigns: number | null
}

export const BUDGET_FIELDS =
  'campaign.campaign_budget, campaign_budget.amount_micros, campaign_budget.total_amount_micros, campaign_budget.period, campaign_budget.explicitly_shared, campaign_budget.reference_count'

/** Of a row with the fields above. @throws RowError */
export function budgetOf(row: Json): Budget {
  const isTotal = text(row, 'campaignBudget.period') === 'CUSTOM_PERIOD'
  const campaigns = whole(row, 'campaignBudget.referenceCount')
  return {
    resource: text(row, 'campaign.campaignBudget'),
    field: isTotal ? 'total_amount_micros' : 'amount_micros',
    micros: whole(row, isTotal ? 'campaignBudget.totalAmountMicros' : 'campaignBudget.amountMicros'),
    kind: isTotal ? 'lifetime' : 'daily',
    isShared: text(row, 'campaignBudget.explicitlyShared') === 'true' || (campaigns ?? 0) > 1,
    campaigns,
  }
}
