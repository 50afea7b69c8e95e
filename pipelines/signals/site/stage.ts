import { dayInUtc } from '../../../engine/clock/days.ts'
import { deterministicId } from '../../../engine/codec/ids.ts'
import { type StageContext, stage } from '../../../engine/stage/stage.ts'
import type { EventFact } from '../../ingest/facts.ts'
import { isAnalytics, isMatched, PURCHASE, sideOf } from '../events.ts'
import { siteSignalsKind } from '../handed.ts'
import { isNewLead, LEAD, type Lead } from '../leads.ts'
import { addTo } from '../model/blocks.ts'
import { PLATFORMS } from '../platform.ts'
import { identify, noSite, type Site, siteAt } from './model.ts'

/** Handed on at most so often. */
const EVERY_US = 60_000_000
/** A browser's purchase and its server's twin are of one day, or of two. */
const TWIN_DAYS = 3

/** What the events of a tenant's site say of their own quality: identifiers, names, twins, and how far they have come. */
export const site = stage({
  name: 'site',
  version: 1,
  key: (fact: EventFact | Lead) => [fact.tenant_id],
  state: { version: 1, empty: noSite },
  sets: {
    browser: { windowDays: TWIN_DAYS },
    server: { windowDays: TWIN_DAYS },
    either: { windowDays: TWIN_DAYS },
    leads: { windowDays: TWIN_DAYS },
  },
  reads: {
    event: [
      'tenant_id',
      'event_time',
      'ingest_time',
      'source',
      'event_name',
      'person_key',
      'user_key',
      'country',
      'click_ids',
      'transaction_id',
    ],
  },
  on: {
    event(state: Site, event: EventFact, ctx) {
      const { event_time: at, event_name: name, source } = event
      if (isAnalytics(source) && at > state.analytics) state.analytics = at
      if (!isMatched(name)) return
      const { person_key, user_key } = event
      identify(state, { at, name, keys: keysOf(event), person: person_key ?? user_key })
      if (name === PURCHASE && event.transaction_id !== null)
        countTwin(state, event, event.transaction_id, ctx)
    },
    contact(state: Site, lead: Lead, ctx) {
      if (!isNewLead(lead, ctx)) return
      const { created_at: at, email, phone, click_ids, contact_id } = lead
      const keys: Record<string, string> = { ...click_ids }
      if (email !== null) keys.email = email
      if (phone !== null) keys.phone = phone
      identify(state, { at: at!, name: LEAD, keys, person: contact_id })
    },
  },
  ticks: 'touched',
  tick(state: Site, tick, ctx) {
    const [tenant] = ctx.key as [string]
    // Counts go down as time goes on, whether or not anything comes.
    ctx.again()
    if (tick.event_time < state.handed + EVERY_US && tick.event_time >= state.handed) return ctx.unchanged()
    state.handed = tick.event_time
    const said = siteAt(state, tick.event_time)
    for (const platform of PLATFORMS)
      ctx.hand(siteSignalsKind, {
        tenant_id: tenant,
        event_id: deterministicId(tenant, platform, 'site', tick.event_id),
        event_time: tick.event_time,
        ingest_time: tick.ingest_time,
        platform,
        ...said,
      })
  },
})

/** Identifiers by the names that the weights of match quality have. */
function keysOf({ user_key, person_key, country, click_ids }: EventFact): Record<string, string> {
  const keys: Record<string, string> = {}
  if (user_key !== null) keys.external_id = user_key
  if (person_key !== null) keys.browser_id = person_key
  if (country !== null) keys.country = country
  for (const id in click_ids) keys[id] = click_ids[id]!
  return keys
}

/** A purchase that a browser and a server both sent is known by its transaction id, whichever comes first. */
function countTwin(state: Site, event: EventFact, order: string, ctx: StageContext): void {
  const side = sideOf(event.source)
  if (side === null) return
  const { tenant_id, event_time: at, ingest_time } = event
  const day = dayInUtc(at)
  if (ctx.first(side, [tenant_id], day, order, ingest_time) !== 'new') return
  if (side === 'browser') addTo(state.browser, at)
  else if (at > state.server) state.server = at
  if (ctx.first('either', [tenant_id], day, order, ingest_time) === 'seen') addTo(state.both, at)
}
