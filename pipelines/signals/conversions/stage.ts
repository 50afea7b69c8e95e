import { deterministicId } from '../../../engine/codec/ids.ts'
import { stage } from '../../../engine/stage/stage.ts'
import type { EventFact } from '../../ingest/facts.ts'
import { isAnalytics, isConversion, PURCHASE } from '../events.ts'
import { arrivalsKind } from '../handed.ts'
import { isNewLead, type Lead } from '../leads.ts'
import { type Platform, platformOf } from '../platform.ts'
import { type Arriving, arrive, nothingArrived, purchase } from './model.ts'

/**
 * Conversions by the platform that brought them. Small and hot: what it gathers goes to `signals` at each tick. An
 * order that is told twice (a tag that fires again) counts once, by its transaction id.
 */
export function conversions(options: { windowDays: number }) {
  return stage({
    name: 'conversions',
    version: 1,
    key: (fact: EventFact | Lead) => {
      const platform = platformOfFact(fact)
      return platform === null ? null : [fact.tenant_id, platform]
    },
    state: { version: 1, empty: nothingArrived },
    sets: { orders: { windowDays: options.windowDays }, leads: { windowDays: options.windowDays } },
    reads: {
      event: [
        'tenant_id',
        'event_time',
        'ingest_time',
        'source',
        'event_name',
        'event_date',
        'traffic_source',
        'traffic_medium',
        'click_ids',
        'transaction_id',
        'value_micros',
        'currency',
      ],
    },
    on: {
      event(state: Arriving | undefined, event: EventFact, ctx) {
        if (state === undefined) return
        const { tenant_id, source, event_date, transaction_id: order } = event
        if (
          order !== null &&
          ctx.first('orders', [tenant_id, source], event_date, order, event.ingest_time) !== 'new'
        )
          return
        arrive(state, { at: event.event_time, source })
        if (event.event_name === PURCHASE && isAnalytics(source))
          purchase(state, event_date, event.currency, event.value_micros)
      },
      contact(state: Arriving | undefined, lead: Lead, ctx) {
        if (state !== undefined && isNewLead(lead, ctx)) arrive(state, { at: lead.created_at!, source: null })
      },
    },
    ticks: 'touched',
    tick(state: Arriving, tick, ctx) {
      const [tenant, platform] = ctx.key as [string, Platform]
      ctx.hand(arrivalsKind, {
        tenant_id: tenant,
        event_id: deterministicId(tenant, platform, 'arrivals', tick.event_id),
        event_time: tick.event_time,
        ingest_time: tick.ingest_time,
        platform,
        last: state.last,
        waits: Object.entries(state.waits).map(([hour, minutes]) => [Number(hour), minutes] as const),
        hours: Object.entries(state.hours).flatMap(([source, hours]) =>
          Object.entries(hours).map(([hour, n]) => [source, Number(hour), n] as const),
        ),
        days: Object.entries(state.days).map(([key, [purchases, micros]]) => {
          const [date, currency] = key.split(' ') as [string, string]
          return [date, currency === '' ? null : currency, purchases, micros] as const
        }),
      })
      state.waits = {}
      state.hours = {}
      state.days = {}
    },
  })
}

function platformOfFact(fact: EventFact | Lead): Platform | null {
  if ('event_name' in fact) return isConversion(fact.event_name) ? platformOf(fact) : null
  return platformOf({ traffic_source: null, traffic_medium: null, click_ids: fact.click_ids })
}
