import type { AdPlatform } from '../port.ts'
import type { AdDay } from './ad-days.ts'
import { CAMPAIGNS } from './campaigns.ts'
import type { AdTouch } from './channels.ts'
import type { People } from './people.ts'
import type { Order, Person } from './person.ts'

interface Orders {
  readonly orders: number
  readonly revenueMicros: number
}

/** A campaign on a day. Orders are of the day on which they were placed. */
export interface CampaignTruth {
  readonly platform: AdPlatform
  readonly campaignId: string
  readonly campaign: string
  /** Clicks of the day that were followed by a visit. */
  readonly visits: number
  /** Orders of people who had come by an ad of the campaign before: each under every campaign they came by. */
  readonly touched: Orders
  /** Orders that there were not without an ad of the campaign: each under one campaign at most. */
  readonly caused: Orders
}

/** What truly happened on a day: what attribution is judged against. Money in micros. */
export interface DayTruth {
  readonly day: string
  readonly all: Orders
  /** Orders that would have come without any ad. With what campaigns caused, they are all. */
  readonly anyway: Orders
  readonly campaigns: readonly CampaignTruth[]
}

/** The truth of a day, whatever anybody reports of it. */
export function dayTruth(
  people: People,
  adDays: (day: string) => ReadonlyMap<string, AdDay>,
  day: string,
): DayTruth {
  const orders = people.ordersOn(day)
  const ads = adDays(day)
  return {
    day,
    all: sum(orders),
    anyway: sum(orders.filter(({ order }) => order.cause === null)),
    campaigns: CAMPAIGNS.map(({ platform, id, name, ads: placed }) => {
      const isOf = (touch: AdTouch | null) => touch?.campaignId === id
      return {
        platform,
        campaignId: id,
        campaign: name,
        visits: placed.reduce((visits, ad) => visits + (ads.get(ad.id)?.visits ?? 0), 0),
        touched: sum(
          orders.filter(({ person, order }) =>
            person.visits.some(({ at, channel }) => at <= order.at && isOf(channel.ad)),
          ),
        ),
        caused: sum(orders.filter(({ order }) => isOf(order.cause))),
      }
    }),
  }
}

const sum = (orders: readonly { readonly person: Person; readonly order: Order }[]): Orders => ({
  orders: orders.length,
  revenueMicros: orders.reduce((micros, { order }) => micros + order.valueMicros, 0),
})
