import { deterministicId } from '../../engine/codec/ids.ts'
import { type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'
import { stage } from '../../engine/stage/stage.ts'
import type { EventFact } from '../ingest/facts.ts'
import { revenueOf } from '../money.ts'
import { addEvent, emptyDay, type FunnelDay } from './model.ts'

/**
 * A day of one connector as one partition of people sees it. People of a partition are in no other, so the day is
 * the sum of the latest rows of all parts, distinct counts included. `revision` is the number of its events.
 */
export interface FunnelPartial extends BaseRecord {
  readonly source: string
  readonly date: string
  readonly part: number
  readonly events: number
  readonly users: number
  readonly sessions: number
  readonly new_users: number
  readonly page_views: number
  readonly view_item: number
  readonly add_to_cart: number
  readonly begin_checkout: number
  readonly add_shipping_info: number
  readonly add_payment_info: number
  readonly purchases: number
  readonly revenue_micros: number | null
  readonly currency: string | null
  readonly revision: number
}

export const funnelPartialKind = defineKind<FunnelPartial>('funnel_partial', [
  field('source', 'string'),
  field('date', 'string'),
  field('part', 'int'),
  field('events', 'long'),
  field('users', 'long'),
  field('sessions', 'long'),
  field('new_users', 'long'),
  field('page_views', 'long'),
  field('view_item', 'long'),
  field('add_to_cart', 'long'),
  field('begin_checkout', 'long'),
  field('add_shipping_info', 'long'),
  field('add_payment_info', 'long'),
  field('purchases', 'long'),
  field('revenue_micros', nullable('long')),
  field('currency', nullable('string')),
  field('revision', 'long'),
])

export function funnel(options: { windowDays: number }) {
  const window = { windowDays: options.windowDays }
  return stage({
    name: 'funnel',
    version: 1,
    key: (e: EventFact) => [e.tenant_id, e.source, e.event_date],
    state: { version: 1, empty: emptyDay },
    sets: { users: window, sessions: window },
    reads: {
      event: [
        'tenant_id',
        'ingest_time',
        'source',
        'event_date',
        'event_name',
        'person_key',
        'session_key',
        'value_micros',
        'currency',
      ],
    },
    on: {
      event(day: FunnelDay, event: EventFact, ctx) {
        const { tenant_id, source, event_date, ingest_time, person_key, session_key } = event
        const first = (set: string, member: string | null) =>
          member !== null && ctx.first(set, [tenant_id, source], event_date, member, ingest_time) === 'new'
        addEvent(day, event, first('users', person_key), first('sessions', session_key))
      },
    },
    ticks: 'touched',
    tick(day, tick, ctx) {
      const [tenant, source, date] = ctx.key as [string, string, string]
      const part = ctx.input.partition
      // Whether anything is known of the day's revenue shows only over all parts: the view decides.
      const revenue = revenueOf(day.revenue, 0)
      ctx.emit(
        'metrics',
        funnelPartialKind,
        {
          tenant_id: tenant,
          event_id: deterministicId(tenant, source, date, part, day.events),
          event_time: tick.event_time,
          ingest_time: tick.ingest_time,
          source,
          date,
          part,
          events: day.events,
          users: day.users,
          sessions: day.sessions,
          new_users: day.newUsers,
          page_views: day.pageViews,
          view_item: day.viewItem,
          add_to_cart: day.addToCart,
          begin_checkout: day.beginCheckout,
          add_shipping_info: day.addShippingInfo,
          add_payment_info: day.addPaymentInfo,
          purchases: day.purchases,
          revenue_micros: revenue.micros,
          currency: revenue.currency,
          revision: day.events,
        },
        [tenant, source, date, String(part)],
      )
    },
  })
}
