import type { Json } from './api/exact-json.ts'
import { text, whole } from './fields.ts'

/** The bid of an ad group, in the field that its campaign's strategy goes by (ad_group.proto). Micros. */
export interface Bid {
  /** null: the strategy takes none of an ad group. */
  readonly field: 'cpc_bid_micros' | 'target_cpa_micros' | null
  readonly micros: number | null
  readonly strategy: string | null
  /** A portfolio strategy overrides what the ad group says. */
  readonly isPortfolio: boolean
}

const FIELDS: Readonly<Record<string, Bid['field']>> = {
  MANUAL_CPC: 'cpc_bid_micros',
  ENHANCED_CPC: 'cpc_bid_micros',
  TARGET_CPA: 'target_cpa_micros',
  MAXIMIZE_CONVERSIONS: 'target_cpa_micros',
}

export const BID_FIELDS =
  'ad_group.cpc_bid_micros, ad_group.target_cpa_micros, ad_group.effective_target_cpa_micros, campaign.bidding_strategy_type, campaign.bidding_strategy'

/** Of a row with the fields above. @throws RowError */
export function bidOf(row: Json): Bid {
  const strategy = text(row, 'campaign.biddingStrategyType')
  const field = FIELDS[strategy ?? ''] ?? null
  // Left out, the campaign's target is in force.
  const micros =
    field === 'cpc_bid_micros'
      ? whole(row, 'adGroup.cpcBidMicros')
      : field === null
        ? null
        : whole(row, 'adGroup.targetCpaMicros') || whole(row, 'adGroup.effectiveTargetCpaMicros')
  return { field, micros, strategy, isPortfolio: text(row, 'campaign.biddingStrategy') !== null }
}
