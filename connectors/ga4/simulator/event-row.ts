import { fromMicros } from '../../../plugins/money/index.ts'
import type { SiteEvent, SiteWorld } from '../../../plugins/simulator/world/site.ts'

const text = (key: string, value: string | null) =>
  value === null ? [] : [{ key, value: { string_value: value } }]
const integer = (key: string, value: number) => ({ key, value: { int_value: value } })

const regions = new Intl.DisplayNames(['en'], { type: 'region' })

/** An event as a row of the export, values by their names. */
export function rowOf(world: SiteWorld, day: string, event: SiteEvent): Record<string, unknown> {
  const { purchase } = event
  return {
    event_date: day.replaceAll('-', ''),
    event_timestamp: event.at,
    event_name: event.name,
    event_params: [
      integer('ga_session_id', event.sessionId),
      integer('ga_session_number', event.sessionNumber),
      ...text('page_location', `https://shop.example${event.page}`),
      ...text('source', event.source),
      ...text('medium', event.medium),
      ...text('campaign', event.campaign),
      ...(purchase
        ? [
            ...text('transaction_id', purchase.transactionId),
            ...text('currency', world.currency),
            { key: 'value', value: { double_value: fromMicros(purchase.valueMicros) } },
          ]
        : []),
    ],
    user_pseudo_id: event.clientId,
    user_id: event.userId,
    stream_id: '1',
    platform: 'WEB',
    privacy_info: { analytics_storage: 'Yes', ads_storage: 'Yes' },
    device: { category: event.device },
    geo: { country: regions.of(event.country) ?? event.country },
    collected_traffic_source: {
      manual_source: event.source,
      manual_medium: event.medium,
      manual_campaign_name: event.campaign,
      gclid: event.gclid,
    },
    ecommerce: purchase ? { transaction_id: purchase.transactionId } : null,
  }
}
