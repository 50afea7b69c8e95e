/** Stages of a person, each of which follows the one before it. */
export const FUNNEL = ['leads', 'mqls', 'sqls', 'opportunities', 'deals_won'] as const
export type FunnelStage = (typeof FUNNEL)[number]

export interface PipelineContact {
  /** Every stage it was ever in, also one that it fell back from. */
  readonly reached: readonly FunnelStage[]
}

export interface PipelineDeal {
  readonly state: 'open' | 'won' | 'lost'
  /** Micros of one currency; null: it has none yet. */
  readonly amount_micros: number | null
  /** Of the stage it is in, 0 to 1; null: not known. */
  readonly probability: number | null
}

export interface PipelineMetrics extends Readonly<Record<FunnelStage, number>> {
  readonly ad_spend_micros: number | null
  /** Of deals that are not lost: open and won. */
  readonly pipeline_value_micros: number
  readonly won_revenue_micros: number
  readonly open_value_micros: number
  /** Won, and open ones by the probability of their stage; null: one has none. */
  readonly weighted_value_micros: number | null
  readonly deals_without_amount: number
  readonly pipeline_roas: number | null
  readonly won_roas: number | null
  /** From each stage to the next, per cent; null: nobody is in it. */
  readonly rates_pct: readonly (number | null)[]
  readonly cost_per_lead_micros: number | null
  readonly cost_per_win_micros: number | null
}

/** What a window's pipeline adds up to: everything else of it is a quotient. Money in micros of one currency. */
export interface PipelineTotals {
  /** Contacts by stage of FUNNEL, each with those of the stages after it. */
  readonly counts: readonly number[]
  readonly open_micros: number
  readonly won_micros: number
  /** Null: an open deal is in a stage of no known probability. */
  readonly weighted_micros: number | null
  readonly deals_without_amount: number
}

/**
 * The pipeline of the contacts that were created in a window, and of their deals (product.md §4.9). A contact counts for
 * every stage up to the furthest it ever reached, so that no stage has more than the one before it.
 * @param spend ad spend of the same window, micros; null: not known
 */
export function pipelineOf(
  contacts: readonly PipelineContact[],
  deals: readonly PipelineDeal[],
  spend: number | null,
): PipelineMetrics {
  const furthest = contacts.map(({ reached }) => Math.max(0, ...reached.map(stage => FUNNEL.indexOf(stage))))
  const sum = (state: PipelineDeal['state']) =>
    deals.reduce((all, deal) => (deal.state === state ? all + (deal.amount_micros ?? 0) : all), 0)
  const won = sum('won')
  return metricsOf(
    {
      counts: FUNNEL.map((_, k) => furthest.filter(stage => stage >= k).length),
      open_micros: sum('open'),
      won_micros: won,
      weighted_micros: weighted(deals, won),
      deals_without_amount: deals.filter(deal => deal.state !== 'lost' && deal.amount_micros === null).length,
    },
    spend,
  )
}

/** @param spend ad spend of the same window and currency, micros; null: not known */
export function metricsOf(totals: PipelineTotals, spend: number | null): PipelineMetrics {
  const { counts, open_micros: open, won_micros: won } = totals
  const per = (amount: number, by: number | null) => (by === null || !(by > 0) ? null : amount / by)
  const cost = (count: number) => {
    const each = spend === null ? null : per(spend, count)
    return each === null ? null : Math.round(each)
  }
  return {
    ...(Object.fromEntries(FUNNEL.map((stage, k) => [stage, counts[k]!])) as Record<FunnelStage, number>),
    ad_spend_micros: spend,
    pipeline_value_micros: open + won,
    won_revenue_micros: won,
    open_value_micros: open,
    weighted_value_micros: totals.weighted_micros,
    deals_without_amount: totals.deals_without_amount,
    pipeline_roas: per(open + won, spend),
    won_roas: per(won, spend),
    rates_pct: counts.slice(1).map((count, k) => per(100 * count, counts[k]!)),
    cost_per_lead_micros: cost(counts[0]!),
    cost_per_win_micros: cost(counts.at(-1)!),
  }
}

function weighted(deals: readonly PipelineDeal[], won: number): number | null {
  let sum = won
  for (const { state, amount_micros: amount, probability } of deals) {
    if (state !== 'open' || amount === null) continue
    if (probability === null) return null
    sum += Math.round(amount * probability)
  }
  return sum
}
