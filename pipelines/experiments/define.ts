import { deterministicId } from '../../engine/codec/ids.ts'
import type { Command } from '../../engine/command/command.ts'
import { type StageContext, stage } from '../../engine/stage/stage.ts'
import type { AdEntityRecord } from '../../plugins/records/ad-entity.ts'
import type { Fact } from '../current/said.ts'
import type { EventFact } from '../ingest/facts.ts'
import { clickOf } from '../sessions/click.ts'
import { type Book, emptyBook, type Stored } from './book.ts'
import { carryOut, PREFIX } from './commands.ts'
import { experimentSeenKind } from './kinds.ts'
import { armIn } from './model/definition.ts'
import { takesIn } from './model/lifecycle.ts'

/** A tenant's book; at keys of their own, the ad sets of ads. */
interface State {
  book?: Book
  adset?: string | null
}

/**
 * A tenant's experiments: defined, started and ended by commands of MANAGERs. Events from the start on that say an arm, or
 * are a conversion, go to the person they are of: people are counted where they are. What was read before a definition is
 * not looked at again.
 */
export const experiments = stage({
  name: 'experiment-definitions',
  version: 1,
  key: (r: { readonly tenant_id: string }) => [r.tenant_id],
  state: { version: 1, empty: (): State => ({}) },
  reads: {
    event: [
      ...['tenant_id', 'event_id', 'event_time', 'ingest_time', 'event_name', 'person_key', 'variants'],
      ...['page_location', 'traffic_source', 'traffic_medium', 'click_ids'],
    ],
  },
  on: {
    command(state: State, command: Command, ctx) {
      if (!command.command.startsWith(PREFIX)) return ctx.unchanged()
      state.book ??= emptyBook()
      if (!carryOut(state.book, command, ctx)) ctx.unchanged()
    },
    ad_entity(_: State, { tenant_id, level, ad_id, adset_id }: Fact<AdEntityRecord>, ctx) {
      ctx.unchanged()
      if (level !== 'ad' || ad_id === null) return
      const key = [tenant_id, 'ad', ad_id]
      const ad = ctx.other<State>(key)
      if (ad.adset === adset_id) return
      ad.adset = adset_id
      ctx.otherChanged(key)
    },
    event({ book }: State, event: EventFact, ctx) {
      ctx.unchanged()
      if (!book || event.person_key === null) return
      for (const id in book.experiments) see(id, book.experiments[id]!, event, ctx)
    },
  },
})

function see(id: string, { definition, phases, ended }: Stored, event: EventFact, ctx: StageContext): void {
  const { tenant_id, event_id, event_time: at, ingest_time, person_key } = event
  const started = phases[0]?.from ?? null
  if (started === null || at < started || (ended !== null && at > ended)) return
  const arm = takesIn(phases, at) ? armOf(definition, event, ctx) : null
  const converts = event.event_name === definition.metric
  if (arm === null && !converts) return
  ctx.emit(
    'persons',
    experimentSeenKind,
    {
      tenant_id,
      event_id: deterministicId(tenant_id, id, event_id, 'seen'),
      event_time: at,
      ingest_time,
      ...{ experiment_id: id, person_key: person_key!, arm, converts },
    },
    [tenant_id, person_key!],
  )
}

function armOf(definition: Stored['definition'], event: EventFact, ctx: StageContext): string | null {
  const { parameter } = definition
  if (parameter !== null) {
    if (event.variants === null) return null
    const value = (JSON.parse(event.variants) as Readonly<Record<string, string>>)[parameter] ?? null
    return armIn(definition, { value, ad: null, adset: null })
  }
  const ad = clickOf(event)?.adId ?? null
  if (ad === null || ad.includes('\0')) return null
  const adset = ctx.other<State>([event.tenant_id, 'ad', ad]).adset ?? null
  return armIn(definition, { value: null, ad, adset })
}
