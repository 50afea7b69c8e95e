import { addDays, dayInUtc, later, todayIn } from '../../../engine/clock/days.ts'
import { deterministicId } from '../../../engine/codec/ids.ts'
import type { BaseRecord } from '../../../engine/codec/kind.ts'
import { stage } from '../../../engine/stage/stage.ts'
import type { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'
import type { Measures } from '../../ad-metrics/model.ts'
import type { PlatformConnectionSet } from '../../connections/kinds.ts'
import type { Fact } from '../../current/said.ts'
import type { EventFact } from '../../ingest/facts.ts'
import { isAnalytics, PURCHASE } from '../../signals/events.ts'
import type { AdFigures } from '../../signals/handed.ts'
import { isNewLead, type Lead } from '../../signals/leads.ts'
import { entry } from '../../signals/model/entry.ts'
import { type DayChange, dayChangeKind, sourceGoneKind } from '../handed.ts'
import { OF_TENANT, scopesOf } from '../scope.ts'

/** What came since the last tick, and the zones of accounts. */
interface Parts {
  zones: Record<string, string>
  /** By day: revenue in micros (null: none known) by currency, purchases, leads. */
  days: Record<string, { revenue: Record<string, number>; purchases: number; leads: number }>
  /** The day of the newest event of the site, as it writes its days; and of the newest lead. */
  site: string
  crm: string
  /** Something of the site or the CRM came since the last tick. */
  came: { site: boolean; crm: boolean }
}

const MOST_ZONES = 1_000
const noParts = (): Parts => ({ zones: {}, days: {}, site: '', crm: '', came: { site: false, crm: false } })
const noDay = () => ({ revenue: {} as Record<string, number>, purchases: 0, leads: 0 })

/**
 * Daily figures for the series they are a part of: what is said of an ad goes to its campaign, platform and tenant at
 * once; what the site sold and the CRM met, which is small and hot, to the tenant's at the next tick. An order that is told
 * twice counts once.
 */
export function seriesParts({ windowDays }: { readonly windowDays: number }) {
  return stage({
    name: 'series-parts',
    version: 1,
    key: (r: BaseRecord) => [r.tenant_id],
    state: { version: 1, empty: noParts },
    sets: { orders: { windowDays }, leads: { windowDays } },
    reads: {
      event: [
        ...['tenant_id', 'ingest_time', 'source', 'event_name', 'event_date'],
        ...['transaction_id', 'value_micros', 'currency'],
      ],
      ad_entity: ['tenant_id', 'platform', 'level', 'account_id', 'zone'],
    },
    on: {
      ad_figures(state: Parts, figures: AdFigures, ctx) {
        const { tenant_id, event_id, event_time, ingest_time, platform, campaign_id, as_of } = figures
        const zone = state.zones[`${platform} ${figures.account_id}`] ?? null
        const base = { tenant_id, event_id, event_time, ingest_time, source: platform, date: figures.date }
        const told = addDays(todayIn(zone ?? 'UTC', as_of), -1)
        const { before, after } = figures
        for (const scope of scopesOf(platform, campaign_id))
          ctx.hand(dayChangeKind, {
            ...{ ...base, scope, told, at: as_of, zone, currency: after.currency },
            changes: FIGURES.map(name => difference(before, after, name)),
            isNew: before === null && figures.date <= told,
          })
        ctx.unchanged()
      },
      ad_entity(state: Parts, { level, platform, account_id, zone }: Fact<AdEntityRecord>, ctx) {
        const name = `${platform} ${account_id}`
        const isNews = level === 'account' && zone !== null && state.zones[name] !== zone
        if (!isNews || Object.keys(state.zones).length >= MOST_ZONES) return ctx.unchanged()
        state.zones[name] = zone
      },
      platform_connection_set(_: Parts, { platform, connection, ...base }: PlatformConnectionSet, ctx) {
        ctx.unchanged()
        const { tenant_id, event_id, event_time, ingest_time } = base
        if (connection !== 'DISCONNECTED') return
        ctx.hand(sourceGoneKind, {
          ...{ tenant_id, event_id, event_time, ingest_time, scope: OF_TENANT, source: platform },
        })
      },
      event(state: Parts, event: EventFact, ctx) {
        const { tenant_id, source, event_name, event_date, transaction_id: order } = event
        if (!isAnalytics(source)) return ctx.unchanged()
        const isBuying = event_name === PURCHASE
        if (!isBuying && event_date <= state.site && state.came.site) return ctx.unchanged()
        state.site = later(state.site, event_date)
        state.came.site = true
        const isKnown =
          order !== null &&
          isBuying &&
          ctx.first('orders', [tenant_id, source], event_date, order, event.ingest_time) !== 'new'
        if (!isBuying || isKnown) return
        const day = entry(state.days, event_date, noDay)
        day.purchases++
        const currency = event.currency ?? ''
        if (event.value_micros !== null)
          day.revenue[currency] = (day.revenue[currency] ?? 0) + event.value_micros
      },
      contact(state: Parts, lead: Lead, ctx) {
        if (!isNewLead(lead, ctx)) return ctx.unchanged()
        const date = dayInUtc(lead.created_at!)
        entry(state.days, date, noDay).leads++
        state.crm = later(state.crm, date)
        state.came.crm = true
      },
    },
    ticks: 'touched',
    tick(state: Parts, tick, ctx) {
      const [tenant_id] = ctx.key as [string]
      if (!state.came.site && !state.came.crm) return ctx.unchanged()
      const { event_time, ingest_time } = tick
      const hand = (source: 'site' | 'crm', what: string, change: Changed) =>
        ctx.hand(dayChangeKind, {
          ...{ tenant_id, event_time, ingest_time, scope: OF_TENANT, source, zone: null, isNew: false },
          event_id: deterministicId(tenant_id, 'series', source, what, tick.event_id),
          // The day of the newest is not over.
          told: state[source] === '' ? '' : addDays(state[source], -1),
          at: event_time,
          ...change,
        })
      const nothing = { date: null, changes: [], currency: null }
      if (state.came.site) hand('site', '', nothing)
      if (state.came.crm) hand('crm', '', nothing)
      for (const [date, { revenue, purchases, leads }] of Object.entries(state.days).sort()) {
        for (const [currency, micros] of Object.entries(revenue))
          hand('site', `${date} ${currency}`, {
            ...{ date, currency: currency === '' ? null : currency },
            changes: [null, null, null, micros],
          })
        if (purchases > 0)
          hand('site', date, { date, currency: null, changes: [null, null, null, null, purchases] })
        if (leads > 0)
          hand('crm', date, { date, currency: null, changes: [null, null, null, null, null, leads] })
      }
      state.days = {}
      state.came = { site: false, crm: false }
    },
  })
}

type Changed = Pick<DayChange, 'date' | 'changes' | 'currency'>

/** In the order of `METRICS`. */
const FIGURES = ['spend_micros', 'conversions_micros', 'revenue_micros'] as const

function difference(before: Measures | null, after: Measures, name: (typeof FIGURES)[number]): number | null {
  const [was, is] = [before?.[name] ?? null, after[name]]
  return was === null && is === null ? null : (is ?? 0) - (was ?? 0)
}
