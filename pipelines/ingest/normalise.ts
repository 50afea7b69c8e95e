import { type Tick, tickKind } from '../../engine/clock/tick.ts'
import { deterministicId } from '../../engine/codec/ids.ts'
import type { Kind } from '../../engine/codec/kind.ts'
import { isCurrency } from '../../engine/currency.ts'
import type { Source } from '../../engine/source/port.ts'
import { type RawRecord, rawKindName } from '../../engine/source/raw.ts'
import type { SyncMark } from '../../engine/source/sync.ts'
import { type StageContext, stage } from '../../engine/stage/stage.ts'
import type { AdReportRecord } from '../../plugins/records/ad-report.ts'
import type { EventRecord } from '../../plugins/records/event.ts'
import { adChange, adChangeKind } from '../ad-changes/said.ts'
import { adDemographic, adDemographicKind } from '../ad-demographics/said.ts'
import { adEntity, adEntityKind } from '../ad-entities/said.ts'
import { contact, contactKind, deal, dealKind, dealStage, dealStageKind } from '../crm/said.ts'
import { saidFact, saidRefusal } from '../current/fact.ts'
import type { Said } from '../current/said.ts'
import { matchQuality, matchQualityKind } from '../match-quality/said.ts'
import { webReport, webReportKind } from '../web-reports/said.ts'
import { addressKeys } from './address-keys.ts'
import { dateRefusal, timeRefusal } from './checks.ts'
import { clickIds } from './click-ids.ts'
import { type AdReportFact, adReportKind, type EventFact, eventKind } from './facts.ts'
import { toldIn } from './told.ts'

/** Event time between two ticks of an `ingest`. */
const TICK_US = 3_600_000_000

/** Of one connection: where its ticks come from, and how far its events have come. */
interface Progress {
  clock: 'event' | 'live'
  latest: number
  ticked: number
}

/**
 * Raw records of every connector to facts. It checks what only the whole record can show, gives it its id, and
 * while an `ingest` runs it makes ticks from event time, so that a replay has the same clock.
 */
export function normalise(sources: readonly Source[], { retentionYears }: { retentionYears: number }) {
  const handlers: Record<string, (state: Progress, record: never, ctx: StageContext) => void> = {
    sync: onSync,
  }
  for (const source of sources)
    for (const { name, kind } of source.streams)
      if (kind === 'event') handlers[rawKindName(source.id, name)] = onEvent(retentionYears)
      else if (kind === 'ad_report') handlers[rawKindName(source.id, name)] = onAdReport(retentionYears)
      else if (kind !== null && kind in SAID)
        handlers[rawKindName(source.id, name)] = onSaid(kind, retentionYears)
  return stage({
    name: 'normalise',
    version: 2,
    key: (r: { tenant_id: string; connection: string }) => [r.tenant_id, r.connection],
    state: { version: 1, empty: (): Progress => ({ clock: 'live', latest: 0, ticked: 0 }) },
    on: handlers,
  })
}

/** What sources say of things, by the kind of their streams' records. */
const SAID: Readonly<Record<string, readonly [Said<never>, Kind<never>]>> = Object.fromEntries(
  [
    [adEntity, adEntityKind],
    [adDemographic, adDemographicKind],
    [contact, contactKind],
    [deal, dealKind],
    [dealStage, dealStageKind],
    [matchQuality, matchQualityKind],
    [adChange, adChangeKind],
    [webReport, webReportKind],
  ].map(([said, kind]) => [(said as Said<never>).kind, [said, kind] as never]),
)

/** It moves no clock: that a campaign stands as it did says nothing of the events that are still to come. */
function onSaid(kind: string, keptYears: number) {
  const [said, factKind] = SAID[kind]!
  return (_: Progress, raw: RawRecord<never>, ctx: StageContext): void => {
    const { data, ingest_time, tenant_id, source } = raw
    const refusal = saidRefusal(said, data, ingest_time, keptYears)
    if (refusal) return ctx.reject(refusal)
    ctx.hand(factKind, saidFact(said, data, tenant_id, source, ingest_time) as never)
  }
}

function onSync(state: Progress, mark: SyncMark, ctx: StageContext): void {
  state.clock = mark.clock
  if (mark.phase === 'end' && state.clock === 'event' && state.latest > 0) tick(state.latest, mark, true, ctx)
}

const onEvent =
  (keptYears: number) =>
  (state: Progress, raw: RawRecord<EventRecord>, ctx: StageContext): void => {
    const { data, ingest_time, tenant_id, source } = raw
    const refusal = eventRefusal(data, ingest_time, keptYears)
    if (refusal) return ctx.reject(refusal)
    advance(state, data.event_time, raw, ctx)
    ctx.hand(eventKind, eventFact(data, tenant_id, source, ingest_time))
  }

const onAdReport =
  (keptYears: number) =>
  (state: Progress, raw: RawRecord<AdReportRecord>, ctx: StageContext): void => {
    const { data, ingest_time, tenant_id, source } = raw
    const refusal =
      dateRefusal('date', data.date, ingest_time, keptYears) ??
      timeRefusal('as_of', data.as_of, ingest_time) ??
      (isCurrency(data.currency) ? null : `currency "${data.currency.slice(0, 20)}" is not one of ISO 4217`)
    if (refusal) return ctx.reject(refusal)
    const fact = adReportFact(data, tenant_id, source, ingest_time)
    advance(state, fact.event_time, raw, ctx)
    ctx.hand(adReportKind, fact)
  }

export function eventRefusal(data: EventRecord, readAt: number, keptYears?: number): string | null {
  if (data.event_name === '') return 'event_name is empty'
  return (
    timeRefusal('event_time', data.event_time, readAt, keptYears) ??
    dateRefusal('event_date', data.event_date, readAt, keptYears)
  )
}

export function eventFact(data: EventRecord, tenant: string, source: string, ingestTime: number): EventFact {
  const { person_id: person, session_id: session } = data
  return {
    tenant_id: tenant,
    event_id: deterministicId(tenant, source, data.event_key),
    event_time: data.event_time,
    ingest_time: ingestTime,
    source,
    event_date: data.event_date,
    event_name: data.event_name,
    person_key: person,
    user_key: data.user_id,
    ...addressKeys(tenant, data.params),
    ...toldIn(data.event_name, data.params),
    session_key: person !== null && session !== null ? `${person}.${session}` : null,
    session_id: session,
    session_number: data.session_number,
    traffic_source: data.source,
    traffic_medium: data.medium,
    campaign: data.campaign,
    first_source: data.first_source,
    first_medium: data.first_medium,
    first_campaign: data.first_campaign,
    page_location: data.page_location,
    page_referrer: data.page_referrer,
    page_title: data.page_title,
    device: data.device,
    country: data.country,
    transaction_id: data.transaction_id,
    value_micros: data.value_micros,
    currency: data.currency,
    consent_analytics: data.consent_analytics,
    consent_ads: data.consent_ads,
    click_ids: clickIds(data.params, data.page_location),
    params: data.params,
    quality: data.quality,
  }
}

export function adReportFact(
  data: AdReportRecord,
  tenant: string,
  source: string,
  ingestTime: number,
): AdReportFact {
  const entity = [data.platform, data.account_id, data.campaign_id, data.adset_id, data.ad_id, data.date]
  const { impressions, clicks, spend_micros, revenue_micros, conversions_micros, reach, settled, currency } =
    data
  const measures = [
    impressions,
    clicks,
    spend_micros,
    revenue_micros,
    conversions_micros,
    reach,
    String(settled),
    currency,
  ]
  return {
    ...data,
    tenant_id: tenant,
    // Restated figures are another fact; the same figures said again at another time are too, and change nothing.
    event_id: deterministicId(tenant, source, ...entity, ...measures, data.as_of),
    event_time: Date.parse(`${data.date}T00:00:00Z`) * 1000,
    ingest_time: ingestTime,
    source,
  }
}

/** A tick for every hour that event time has moved on, while time comes from the events. */
function advance(state: Progress, eventTime: number, raw: RawRecord<unknown>, ctx: StageContext): void {
  if (eventTime <= state.latest) return
  state.latest = eventTime
  if (state.clock !== 'event') return
  const hour = Math.floor(eventTime / TICK_US) * TICK_US
  if (hour > state.ticked && state.ticked > 0) tick(hour, raw, false, ctx)
  state.ticked = Math.max(state.ticked, hour)
}

function tick(
  at: number,
  from: { tenant_id: string; connection: string; ingest_time: number },
  final: boolean,
  ctx: StageContext,
): void {
  const value: Tick = {
    tenant_id: from.tenant_id,
    event_id: deterministicId(from.connection, 'tick', at, String(final)),
    event_time: at,
    ingest_time: from.ingest_time,
    watermark: at,
    final,
  }
  ctx.hand(tickKind, value)
}
