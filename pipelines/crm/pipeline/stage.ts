import type { Tick } from '../../../engine/clock/tick.ts'
import { deterministicId } from '../../../engine/codec/ids.ts'
import { stage, type TickContext } from '../../../engine/stage/stage.ts'
import type { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'
import type { ContactRecord } from '../../../plugins/records/contact.ts'
import type { DealRecord, DealStageRecord } from '../../../plugins/records/deal.ts'
import { isSameSpend, restateSpend } from '../../by-currency.ts'
import { supersede } from '../../current/model.ts'
import type { Fact } from '../../current/said.ts'
import type { SettingsChanged } from '../../settings/kinds.ts'
import type { AdFigures } from '../../signals/handed.ts'
import { cellMetrics } from '../model/cell.ts'
import { wordOf } from '../model/stages.ts'
import { campaignWord, isBefore, paidTouch } from '../model/touch.ts'
import { PIPELINE } from '../settings/subject.ts'
import { pipelineDailyKind } from './kinds.ts'
import { Books, SHARDS } from './settle.ts'
import {
  cellIn,
  contactIn,
  dealIn,
  MOST_CONTACTS,
  MOST_WORDS,
  type Ref,
  type State,
  tenantIn,
} from './state.ts'

/** Contacts counted anew at a tick, about, after other settings: whole days. */
const REDONE_AT_ONCE = 2_000

type Heard =
  | Fact<ContactRecord>
  | Fact<DealRecord>
  | Fact<DealStageRecord>
  | Fact<AdEntityRecord>
  | AdFigures
  | SettingsChanged
  | Tick

const contactRef = (source: string, id: string): Ref => ['contact', source, id]
const dealRef = (source: string, id: string): Ref => ['deal', source, id]

function refOf(r: Heard): Ref {
  if ('contact_id' in r) return contactRef(r.source, r.contact_id)
  if ('deal_id' in r) return dealRef(r.source, r.deal_id)
  if ('after' in r) return ['cell', r.date, r.platform, r.campaign_id]
  return []
}

/**
 * The pipeline of contacts whose first known paid touch was an ad, by the day of their creation, platform and campaign:
 * written at ticks where something of it has changed.
 */
export const crmPipeline = stage({
  name: 'crm-pipeline',
  version: 1,
  key: (r: Heard) => [r.tenant_id, ...refOf(r)],
  state: { version: 1, empty: (): State => ({}) },
  on: {
    contact(state: State, fact: Fact<ContactRecord>, ctx) {
      const contact = contactIn(state)
      const { updated_at: at, created_at, is_deleted } = fact
      const paid = paidTouch(fact)
      const touch = paid && { ...paid, at }
      let isNews = addWord(contact.words, fact.stage)
      if (touch !== null && (contact.touch === null || isBefore(touch, contact.touch))) {
        contact.touch = touch
        isNews = true
      }
      const { ingest_time, event_id } = fact
      const content = JSON.stringify([created_at, is_deleted])
      if (supersede(contact.said, { as_of: at, ingest_time, event_id, content })) {
        contact.created = created_at
        contact.deleted = is_deleted
        isNews = true
      }
      if (isNews) new Books(ctx, fact.tenant_id).placeContact(contactRef(fact.source, fact.contact_id))
    },
    deal(state: State, fact: Fact<DealRecord>, ctx) {
      const deal = dealIn(state)
      const { source, ingest_time, event_id, is_deleted, is_won, is_closed, stage: word } = fact
      const ref = dealRef(source, fact.deal_id)
      const books = new Books(ctx, fact.tenant_id)
      addWord(deal.words, word)
      deal.everWon ||= is_won === true
      const contacts = fact.contact_ids.slice(0, MOST_CONTACTS).map(id => contactRef(source, id))
      const content = JSON.stringify([
        fact.amount_micros,
        fact.currency,
        word,
        is_won,
        is_closed,
        is_deleted,
        contacts,
      ])
      if (supersede(deal.said, { as_of: fact.updated_at, ingest_time, event_id, content })) {
        deal.amount = fact.amount_micros
        deal.currency = fact.currency
        deal.stage = word === null ? null : wordOf(word)
        deal.state = is_won === true ? 'won' : is_closed === true ? 'lost' : 'open'
        deal.deleted = is_deleted
        const before = deal.contacts
        deal.contacts = contacts
        books.link(ref, before, contacts)
      }
      books.settleDeal(ref)
    },
    deal_stage(state: State, fact: Fact<DealStageRecord>, ctx) {
      const deal = dealIn(state)
      if (addWord(deal.words, fact.stage))
        new Books(ctx, fact.tenant_id).settleDeal(dealRef(fact.source, fact.deal_id))
    },
    ad_entity(_: State, { tenant_id, level, platform, campaign_id: id, name }: Fact<AdEntityRecord>, ctx) {
      ctx.unchanged()
      if (level !== 'campaign' || id === null) return
      const books = new Books(ctx, tenant_id)
      // Links name campaigns by either.
      for (const word of new Set([name ?? '', id].map(campaignWord)))
        if (word !== '') books.nameCampaign(platform, word, id)
    },
    ad_figures(state: State, { before, after }: AdFigures, ctx) {
      if (isSameSpend(before, after)) return ctx.unchanged()
      const known = cellIn(state)
      restateSpend(known.cell.spend, before, after)
      known.changed = true
    },
    settings_changed(state: State, { subject, text }: SettingsChanged, ctx) {
      if (subject !== PIPELINE) return ctx.unchanged()
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

/** Counts contacts of some days anew, and says where to go on. */
function redo(from: string, books: Books): void {
  const { tenant } = books
  let counted = 0
  for (const date of tenant.days.filter(day => day >= from)) {
    tenant.redo = date
    if (counted >= REDONE_AT_ONCE) return
    for (let shard = 0; shard < SHARDS; shard++)
      for (const ref of books.state(['day', date, String(shard)]).day ?? []) {
        counted++
        for (const deal of books.contact(ref).deals) books.settleDeal(deal)
        books.countContact(ref)
      }
  }
  tenant.redo = null
}

/** Whether a stage is one that was not heard of yet, in place. */
function addWord(words: string[], said: string | null): boolean {
  const word = said === null ? '' : wordOf(said)
  if (word === '' || words.includes(word) || words.length >= MOST_WORDS) return false
  words.push(word)
  return true
}

function emit({ cell, revision }: NonNullable<State['cell']>, tick: Tick, ctx: TickContext): void {
  const [tenant, , date, platform, campaign] = ctx.key as [string, string, string, string, string]
  const made = cellMetrics(cell)
  const row = {
    tenant_id: tenant,
    event_id: deterministicId(tenant, 'pipeline', date, platform, campaign, revision),
    event_time: Date.parse(`${date}T00:00:00Z`) * 1000,
    ingest_time: tick.ingest_time,
    date,
    platform: platform || null,
    campaign_id: campaign || null,
    leads: made.leads,
    mqls: made.mqls,
    sqls: made.sqls,
    opportunities: made.opportunities,
    deals_won: made.deals_won,
    pipeline_value_micros: made.pipeline_value_micros,
    won_revenue_micros: made.won_revenue_micros,
    open_value_micros: made.open_value_micros,
    weighted_value_micros: made.weighted_value_micros,
    deals_without_amount: made.deals_without_amount,
    currency: made.currency,
    spend_micros: made.ad_spend_micros,
    spend_currency: made.spend_currency,
    pipeline_roas: made.pipeline_roas,
    won_roas: made.won_roas,
    reason: made.reason,
    revision,
  }
  ctx.emit('metrics', pipelineDailyKind, row, [tenant, date, platform, campaign])
}
