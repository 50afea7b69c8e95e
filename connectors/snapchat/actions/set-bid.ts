import { action } from '../../../plugins/actions/action.ts'
import { BidParams } from '../../../plugins/actions/params.ts'
import { configError } from '../../../plugins/errors.ts'
import type { Context } from '../context.ts'
import { text, whole } from '../fields.ts'
import { checkAmount } from './amount.ts'
import { change, objectOf, ownerOf } from './target.ts'

interface Bid {
  readonly bid_micros: number | null
  readonly strategy: string | null
  readonly currency: string
}

export const setBid = action({
  title: 'Set the bid of an ad squad',
  params: BidParams,
  async read(context: Context & { readonly params: BidParams }): Promise<Bid> {
    const target = await objectOf(context.client, 'adset', context.params.id)
    const { currency } = await ownerOf(context, 'adset', target)
    return { bid_micros: whole(target, 'bid_micro'), strategy: text(target, 'bid_strategy'), currency }
  },
  wanted(params, current): Bid {
    checkAmount(params.bid_micros, params.currency, current.currency, '/bid_micros')
    if (current.strategy === 'AUTO_BID')
      throw configError(`ad squad ${params.id} bids by itself (AUTO_BID) and takes no bid`, '/id')
    return { ...current, bid_micros: params.bid_micros }
  },
  write: ({ client, params }, { bid_micros }) =>
    change(client, 'adset', params.id, { bid_micro: bid_micros }),
})
