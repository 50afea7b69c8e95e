import { action } from '../../../plugins/actions/action.ts'
import { BidParams } from '../../../plugins/actions/params.ts'
import { configError, fatalError } from '../../../plugins/errors.ts'
import type { Envelope } from '../api/envelope.ts'
import { millionths, text } from '../fields.ts'
import type { TikTokContext } from '../settings.ts'
import { type BidField, bidOf } from '../streams/entities.ts'
import { LISTS } from '../streams/entity-streams.ts'
import { amountOf, sameCurrency } from './amount.ts'
import { done, find } from './target.ts'

interface Value {
  readonly advertiser_id: string
  readonly currency: string
  /** Of another way of bidding than by an amount: its name. */
  readonly other: string | null
  readonly field: BidField
  readonly bid_micros: number | null
}

export const setBid = action<TikTokContext, typeof BidParams, Value>({
  title: 'Set the bid of an ad group',
  params: BidParams,
  async read({ params: { id }, ...context }) {
    const { advertiser, row } = await find(context, 'adset', id)
    const { field, micros } = bidOf(row)
    const type = text(row, 'bid_type')
    const other =
      type !== 'BID_TYPE_CUSTOM' ? type : (millionths(row, 'roas_bid') ?? 0) > 0 ? 'roas_bid' : null
    return { advertiser_id: advertiser.id, currency: advertiser.currency, other, field, bid_micros: micros }
  },
  wanted({ id, bid_micros, currency }, current) {
    sameCurrency(currency, current.currency)
    // Another way of bidding is another decision: it is not made by the way.
    if (current.other !== null)
      throw configError(`ad group ${id} bids by ${current.other}: there is no amount to set`, '/id')
    amountOf(bid_micros, currency, '/bid_micros')
    return { ...current, bid_micros }
  },
  async write({ client, params: { id } }, { advertiser_id, field, bid_micros, currency }) {
    if (bid_micros === null) throw fatalError(`ad group ${id} has no bid to set`)
    const amount = amountOf(bid_micros, currency, '/bid_micros')
    const wanted = { advertiser_id, adgroup_id: id, [field]: amount }
    const path = 'adgroup/update/'
    done(await client.post<Envelope>(path, wanted, { idempotent: true }), LISTS.adset.ids, id)
  },
})
