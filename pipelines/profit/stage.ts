import type { Tick } from '../../engine/clock/tick.ts'
import { deterministicId } from '../../engine/codec/ids.ts'
import { stage, type TickContext } from '../../engine/stage/stage.ts'
import type { AdEntityRecord } from '../../plugins/records/ad-entity.ts'
import { isSameSpend, restateSpend } from '../by-currency.ts'
import type { Fact } from '../current/said.ts'
import type { EventFact } from '../ingest/facts.ts'
import { nameOf } from '../journeys/model/keys.ts'
import { clickOf } from '../sessions/click.ts'
import type { SettingsChanged } from '../settings/kinds.ts'
import { PURCHASE } from '../signals/events.ts'
import type { AdFigures } from '../signals/handed.ts'
import { Books, keysOf, SHARDS } from './books.ts'
import { profitDailyKind } from './kinds.ts'
import { fixedOn } from './model/fixed.ts'
import { linesOf } from './model/lines.ts'
import { isKnownOrder, isKnownRefund } from './repeats.ts'
import { rowOf } from './row.ts'
import { COSTS, costsInForce } from './settings/subject.ts'
import { type CellState, type ProfitDimension, type State, tenantIn } from './state.ts'

const REFUND = 'refund'

/** Lines counted anew at a tick, about, after other costs: whole days. */
const REDONE_AT_ONCE = 2_000

/**
 * What is left of sales, by day and product, category, platform, campaign and all: written at ticks where something of it
 * has changed. What is told twice, of one order, counts once (`repeats.ts`).
 */
export function profit(options: { windowDays: number }) {
  return stage({
    name: 'profit',
    version: 1,
    key: (r: { readonly tenant_id: string }) => [r.tenant_id],
    state: { version: 1, empty: (): State => ({}) },
    sets: { orders: { windowDays: options.windowDays }, refunds: { windowDays: options.windowDays } },
    reads: {
      event: [
        ...['tenant_id', 'ingest_time', 'source', 'event_date', 'event_name', 'page_location', 'items'],
        ...['traffic_source', 'traffic_medium', 'campaign', 'click_ids'],
        ...['transaction_id', 'value_micros', 'currency'],
      ],
    },
    on: {
      event(_: State, event: EventFact, ctx) {
        ctx.unchanged()
        const { tenant_id, event_name, event_date: date } = event
        const isRefund = event_name === REFUND
        if (event_name !== PURCHASE && !isRefund) return
        if (isRefund ? isKnownRefund(event, ctx) : isKnownOrder(event, ctx)) return
        const books = new Books(ctx, tenant_id)
        const click = clickOf(event)
        const currency = event.currency ?? ''
        const named = event.campaign
        const campaign =
          click?.campaignId ?? (click?.platform && named ? books.campaignOf(click.platform, named) : named)
        for (const { product, category, units, micros } of linesOf(
          itemsIn(event.items),
          event.value_micros,
        )) {
          const way = {
            ...{ date, source: event.source, currency },
            ...{ product: nameOf(product), category: nameOf(category) },
            platform: nameOf(click?.platform ?? null),
            campaign: nameOf(campaign),
          }
          if (micros === null || currency === '')
            for (const [dimension, key] of keysOf(way)) books.cell(dimension, key, date).unvalued++
          else books.sell(way, isRefund ? 0 : units, isRefund ? 0 : micros, isRefund ? Math.abs(micros) : 0)
        }
      },
      ad_entity(_: State, { tenant_id, level, platform, campaign_id, name }: Fact<AdEntityRecord>, ctx) {
        ctx.unchanged()
        if (level === 'campaign' && campaign_id !== null && name !== null)
          new Books(ctx, tenant_id).nameCampaign(platform, name, campaign_id)
      },
      ad_figures(_: State, figures: AdFigures, ctx) {
        ctx.unchanged()
        const { tenant_id, platform, campaign_id, date, before, after } = figures
        if (isSameSpend(before, after)) return
        const books = new Books(ctx, tenant_id)
        const keys = { account: '', platform: nameOf(platform), campaign: nameOf(campaign_id) }
        for (const [dimension, key] of Object.entries(keys))
          restateSpend(books.cell(dimension, key, date).spend, before, after)
      },
      settings_changed(state: State, { subject, text }: SettingsChanged, ctx) {
        if (subject !== COSTS) return ctx.unchanged()
        const tenant = tenantIn(state)
        tenant.text = text
        tenant.redo = tenant.days[0] ?? null
      },
      tick(state: State, tick: Tick, ctx) {
        const from = state.tenant?.redo ?? null
        if (from === null) return ctx.unchanged()
        redo(from, new Books(ctx, tick.tenant_id))
      },
    },
    ticks: 'touched',
    tick(state: State, tick, ctx) {
      if (!state.cell?.changed) return ctx.unchanged()
      state.cell.changed = false
      state.cell.revision++
      emit(state.cell, tick, ctx)
    },
  })
}

/** What an event tells of what was bought: it was written by `normalise`. */
const itemsIn = (told: string | null): Readonly<Record<string, string>> =>
  told === null ? {} : JSON.parse(told)

/** Counts sales of some days anew, and says where to go on. */
function redo(from: string, books: Books): void {
  const { tenant } = books
  let counted = 0
  for (const date of tenant.days.filter(day => day >= from)) {
    tenant.redo = date
    if (counted >= REDONE_AT_ONCE) return
    // Its fixed costs may be others, whatever was sold.
    books.cell('account', '', date)
    for (let shard = 0; shard < SHARDS; shard++)
      for (const ref of books.state(['day', date, String(shard)]).day ?? []) {
        counted++
        books.settle(ref)
      }
  }
  tenant.redo = null
}

function emit(cell: CellState, tick: Tick, ctx: TickContext): void {
  const [tenant, , dimension, key, date] = ctx.key as [string, string, ProfitDimension, string, string]
  const costs = costsInForce(tenantIn(ctx.other<State>([tenant])).text)
  const fixed = { micros: fixedOn(costs.fixed, date), currency: costs.currency }
  const row = {
    ...rowOf(cell, dimension, fixed),
    tenant_id: tenant,
    event_id: deterministicId(tenant, 'profit', date, dimension, key, cell.revision),
    event_time: Date.parse(`${date}T00:00:00Z`) * 1000,
    ingest_time: tick.ingest_time,
    date,
    dimension,
    key,
    revision: cell.revision,
  }
  ctx.emit('metrics', profitDailyKind, row, [tenant, dimension, key, date])
}
