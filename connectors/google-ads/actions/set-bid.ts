import { action } from '../../../plugins/actions/action.ts'
import { BidParams } from '../../../plugins/actions/params.ts'
import { configError } from '../../../plugins/errors.ts'
import { BID_FIELDS, type Bid, bidOf } from '../bidding.ts'
import type { Context } from '../context.ts'
import { needed } from '../fields.ts'
import { amountText, read, targetOf } from './target.ts'

interface BidState extends Bid {
  readonly customer: string
  readonly resource: string
  readonly currency: string
}

/** On the wire. */
const WIRE = { cpc_bid_micros: 'cpcBidMicros', target_cpa_micros: 'targetCpaMicros' } as const

export const setBid = action({
  title: 'Set the bid of an ad group: its highest cost of a click, or its target cost of a conversion',
  params: BidParams,
  async read(context: Context & { readonly params: BidParams }): Promise<BidState> {
    const { customer, row } = await targetOf(context, 'adset', context.params.id, [BID_FIELDS])
    return read(() => ({
      ...bidOf(row),
      customer,
      resource: needed(row, 'adGroup.resourceName'),
      currency: needed(row, 'customer.currencyCode'),
    }))
  },
  inForce: ({ micros, strategy, currency }) => ({ bid_micros: micros, strategy, currency }),
  wanted({ id, bid_micros, currency }, current): BidState {
    const { field, strategy, isPortfolio } = current
    if (isPortfolio)
      throw configError(
        `the campaign of ad group ${id} bids by a portfolio strategy, which heeds no bid of an ad group`,
        '/id',
      )
    if (field === null)
      throw configError(
        `the campaign of ad group ${id} bids by ${strategy ?? 'an unknown strategy'}, which takes no bid`,
        '/id',
      )
    // Without a target of the campaign the strategy spends what there is, and a target of the ad group is ignored.
    if (strategy === 'MAXIMIZE_CONVERSIONS' && !current.micros)
      throw configError(
        `the campaign of ad group ${id} bids by MAXIMIZE_CONVERSIONS without a target: set one for the campaign first`,
        '/id',
      )
    amountText(bid_micros, currency, current.currency, '/bid_micros')
    return { ...current, micros: bid_micros }
  },
  write({ client, params }, { customer, resource, field, currency }) {
    const amount = amountText(params.bid_micros, params.currency, currency, '/bid_micros')
    return client.update(customer, 'adGroups', { resourceName: resource, [WIRE[field!]]: amount }, field!)
  },
})
