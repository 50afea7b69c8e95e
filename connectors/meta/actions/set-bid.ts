import { action } from '../../../plugins/actions/action.ts'
import { BidParams } from '../../../plugins/actions/params.ts'
import { configError } from '../../../plugins/errors.ts'
import type { Context } from '../context.ts'
import { minor, text } from '../fields.ts'
import { amount, change, readable, targetOf } from './target.ts'

interface Bid {
  readonly bid_micros: number | null
  /** The ad set's own; null: its campaign says it. */
  readonly strategy: string | null
  readonly currency: string
  readonly account: string
}

/** Strategies that take an amount (platforms.md §1.3). */
const WITH_AMOUNT = ['LOWEST_COST_WITH_BID_CAP', 'COST_CAP']

export const setBid = action({
  title: 'Set the bid of an ad set',
  params: BidParams,
  async read(context: Context & { readonly params: BidParams }): Promise<Bid> {
    const { row, account } = await targetOf(context, 'adset', context.params.id, 'bid_amount,bid_strategy')
    return readable(() => ({
      bid_micros: minor(row, 'bid_amount', account.currency),
      strategy: text(row, 'bid_strategy'),
      currency: account.currency,
      account: account.id,
    }))
  },
  wanted({ id, bid_micros, currency }, current): Bid {
    amount(bid_micros, currency, current.currency, '/bid_micros')
    if (current.strategy !== null && !WITH_AMOUNT.includes(current.strategy))
      throw configError(`ad set ${id} bids by itself (${current.strategy}) and takes no bid`, '/id')
    return { ...current, bid_micros }
  },
  write(context, { bid_micros, strategy, currency }, { account }) {
    const bid_amount = amount(bid_micros!, currency, currency, '/bid_micros')
    const fields = strategy === null ? { bid_amount } : { bid_amount, bid_strategy: strategy }
    return change(context, account, context.params.id, fields)
  },
})
