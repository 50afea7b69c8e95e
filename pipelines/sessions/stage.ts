import { deterministicId } from '../../engine/codec/ids.ts'
import { type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'
import { stage } from '../../engine/stage/stage.ts'
import type { EventFact } from '../ingest/facts.ts'
import { revenueOf } from '../money.ts'
import { type Click, clickOf } from './click.ts'
import {
  addEvent,
  earlier,
  emptySession,
  type Marked,
  type Session,
  sessionChannel,
  trafficOf,
} from './model.ts'

/** A session is open until this long after its last event: GA4's default time-out. */
export const SESSION_TIMEOUT_US = 30 * 60 * 1_000_000

/** One session as known at a tick. `revision` is twice its events, and one more when it is closed: it only grows. */
export interface SessionRow extends BaseRecord {
  readonly session_key: string
  readonly session_id: string
  readonly session_number: number | null
  readonly person_key: string
  readonly connector: string
  readonly date: string
  readonly started_at: number
  readonly ended_at: number
  readonly source: string | null
  readonly medium: string | null
  readonly campaign: string | null
  readonly channel: string
  readonly landing_path: string | null
  readonly device: string | null
  readonly country: string | null
  readonly events: number
  readonly page_views: number
  readonly purchases: number
  readonly revenue_micros: number | null
  readonly currency: string | null
  readonly open: boolean
  readonly revision: number
}

export const sessionKind = defineKind<SessionRow>('session', [
  field('session_key', 'string'),
  field('session_id', 'string', "The source's own"),
  field('session_number', nullable('long')),
  field('person_key', 'string'),
  field('connector', 'string'),
  field('date', 'string'),
  field('started_at', 'long'),
  field('ended_at', 'long'),
  field('source', nullable('string')),
  field('medium', nullable('string')),
  field('campaign', nullable('string')),
  field('channel', 'string'),
  field('landing_path', nullable('string')),
  field('device', nullable('string')),
  field('country', nullable('string')),
  field('events', 'long'),
  field('page_views', 'long'),
  field('purchases', 'long'),
  field('revenue_micros', nullable('long')),
  field('currency', nullable('string')),
  field('open', 'boolean'),
  field('revision', 'long'),
])

/** A session as it was just written, with what only the next stage needs. */
export interface SessionSeen extends SessionRow {
  /** Of the first event that says anything of an advertisement; null: not known. */
  readonly platform: string | null
  readonly campaign_id: string | null
  readonly ad_id: string | null
  /** Of its first purchase; null: there is none. */
  readonly converted_at: number | null
}

/** Handed on inside the person task; written nowhere. */
export const sessionSeenKind = defineKind<SessionSeen>('session_seen', [])

interface State {
  session: Session
  /** Revision last written; an open session is looked at again at every tick, and written when it closed. */
  written: number
  /** First event that says anything of an advertisement. */
  click: Marked<Click> | null
  /** Of the first purchase. */
  convertedAt: number | null
}

const emptyState = (): State => ({ session: emptySession(), written: 0, click: null, convertedAt: null })

function addClick(state: State, event: EventFact): void {
  const { event_time: time, event_id: id } = event
  if (event.event_name === 'purchase') state.convertedAt = Math.min(state.convertedAt ?? time, time)
  if (!earlier(time, id, state.click)) return
  const value = clickOf(event)
  if (value !== null) state.click = { time, id, value }
}

/** Sessions by the source's own session id. Written when something changed, at ticks; late events revise them. */
export const sessions = stage({
  name: 'sessions',
  version: 1,
  key: (e: EventFact) => (e.session_key === null ? null : [e.tenant_id, e.source, e.session_key]),
  // Sessions of version 1 know of no advertisement until an event of theirs names one.
  state: {
    version: 2,
    empty: emptyState,
    migrate: (old): State => ({ ...emptyState(), ...(old as Pick<State, 'session' | 'written'>) }),
  },
  reads: {
    event: [
      'tenant_id',
      'event_id',
      'event_time',
      'source',
      'event_date',
      'event_name',
      'session_key',
      'session_number',
      'traffic_source',
      'traffic_medium',
      'campaign',
      'first_source',
      'first_medium',
      'first_campaign',
      'page_location',
      'device',
      'country',
      'value_micros',
      'currency',
      'click_ids',
    ],
  },
  on: {
    event(state: State | undefined, event: EventFact) {
      if (!state) return
      addEvent(state.session, event)
      addClick(state, event)
    },
  },
  ticks: 'touched',
  tick(state, tick, ctx) {
    const { session } = state
    const open = tick.watermark < session.endedAt + SESSION_TIMEOUT_US
    const revision = 2 * session.events + (open ? 0 : 1)
    if (open) ctx.again()
    if (revision === state.written) return
    state.written = revision
    const [tenant, connector, key] = ctx.key as [string, string, string]
    const split = key.indexOf('.')
    const first = session.first!.value
    const revenue = revenueOf(session.revenue, session.purchases)
    const row: SessionRow = {
      tenant_id: tenant,
      event_id: deterministicId(tenant, connector, key, revision),
      event_time: session.startedAt,
      ingest_time: tick.ingest_time,
      session_key: key,
      session_id: key.slice(split + 1),
      session_number: first.sessionNumber,
      person_key: key.slice(0, split),
      connector,
      date: first.date,
      started_at: session.startedAt,
      ended_at: session.endedAt,
      ...trafficOf(session),
      channel: sessionChannel(session),
      landing_path: session.landing?.value ?? null,
      device: first.device,
      country: first.country,
      events: session.events,
      page_views: session.pageViews,
      purchases: session.purchases,
      revenue_micros: revenue.micros,
      currency: revenue.currency,
      open,
      revision,
    }
    ctx.emit('sessions', sessionKind, row, [tenant, key])
    const click = state.click?.value
    ctx.hand(sessionSeenKind, {
      ...row,
      platform: click?.platform ?? null,
      campaign_id: click?.campaignId ?? null,
      ad_id: click?.adId ?? null,
      converted_at: state.convertedAt,
    })
  },
})
