import { only, type Spend } from '../../by-currency.ts'
import { FUNNEL, metricsOf, type PipelineDeal, type PipelineMetrics } from './pipeline.ts'

/** What a deal brings to the day, platform and campaign of its contact. */
export interface DealShare extends Omit<PipelineDeal, 'amount_micros'> {
  readonly amount_micros: number | null
  readonly currency: string | null
}

interface Amounts {
  /** Deals of it: none left, and it is forgotten. */
  deals: number
  open: number
  won: number
  /** Of open deals whose stage has a probability. */
  weighted: number
}

/** The pipeline of a day, platform and campaign: sums that can be taken back. Plain JSON. */
export interface Cell {
  /** Contacts whose furthest stage it is, by index of FUNNEL. */
  furthest: number[]
  /** By currency. */
  money: Record<string, Amounts>
  /** Open and won deals without an amount; open ones with one, in a stage without a probability. */
  withoutAmount: number
  withoutProbability: number
  /** Ads' reports of the day by currency. */
  spend: Spend
}

export const emptyCell = (): Cell => ({
  furthest: FUNNEL.map(() => 0),
  money: {},
  withoutAmount: 0,
  withoutProbability: 0,
  spend: {},
})

/** Takes a contact in, in place; `by` -1 takes it back. */
export function addContact(cell: Cell, depth: number, by: 1 | -1): void {
  cell.furthest[depth]! += by
}

/** Takes a deal in, in place; `by` -1 takes it back. */
export function addDeal(cell: Cell, deal: DealShare, by: 1 | -1): void {
  const { state, amount_micros: amount, currency, probability } = deal
  if (state === 'lost') return
  if (amount === null || currency === null) {
    cell.withoutAmount += by
    return
  }
  const sums = cell.money[currency] ?? { deals: 0, open: 0, won: 0, weighted: 0 }
  sums.deals += by
  sums[state] += by * amount
  if (state === 'open' && probability === null) cell.withoutProbability += by
  if (state === 'open' && probability !== null) sums.weighted += by * Math.round(amount * probability)
  if (sums.deals > 0) cell.money[currency] = sums
  else delete cell.money[currency]
}

/** Why a pipeline has no return on ad spend. */
export type NoReturn =
  | 'SPEND_UNKNOWN'
  | 'NO_SPEND'
  | 'VALUE_UNKNOWN'
  | 'SEVERAL_CURRENCIES'
  | 'OTHER_CURRENCY'

export type CellMetrics = {
  readonly [K in keyof PipelineMetrics]: K extends `${string}_micros` ? number | null : PipelineMetrics[K]
} & {
  readonly currency: string | null
  readonly spend_currency: string | null
  readonly reason: NoReturn | null
}

/** What a cell says. Amounts of several currencies are not added, and deals without any amount are not worth 0: null. */
export function cellMetrics(cell: Cell): CellMetrics {
  const [currency, sums, deals] = only(cell.money)
  const [spendCurrency, spent, spends] = only(cell.spend)
  const isUnknown = deals > 1 || (deals === 0 && cell.withoutAmount > 0)
  const spend = spent?.micros ?? null
  const sameMoney = currency === null || spendCurrency === null || currency === spendCurrency
  const open = sums?.open ?? 0
  const won = sums?.won ?? 0
  const counts = cell.furthest.map((_, k) => cell.furthest.slice(k).reduce((a, b) => a + b, 0))
  const made = metricsOf(
    {
      counts,
      open_micros: open,
      won_micros: won,
      weighted_micros: cell.withoutProbability > 0 ? null : won + (sums?.weighted ?? 0),
      deals_without_amount: cell.withoutAmount,
    },
    spend,
  )
  const money = { currency, spend_currency: spendCurrency }
  const unknown = isUnknown && {
    pipeline_value_micros: null,
    won_revenue_micros: null,
    open_value_micros: null,
    weighted_value_micros: null,
  }
  const reason = reasonOf({ deals, spends, spend, isUnknown, sameMoney })
  return {
    ...made,
    ...unknown,
    ...money,
    ...(reason !== null && { pipeline_roas: null, won_roas: null }),
    reason,
  }
}

function reasonOf(is: {
  readonly deals: number
  readonly spends: number
  readonly spend: number | null
  readonly isUnknown: boolean
  readonly sameMoney: boolean
}): NoReturn | null {
  if (is.deals > 1 || is.spends > 1) return 'SEVERAL_CURRENCIES'
  if (is.spend === null) return 'SPEND_UNKNOWN'
  if (!(is.spend > 0)) return 'NO_SPEND'
  if (is.isUnknown) return 'VALUE_UNKNOWN'
  return is.sameMoney ? null : 'OTHER_CURRENCY'
}
