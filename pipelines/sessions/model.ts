import { getDomain } from 'tldts'
import { channelOf } from './channel.ts'

/**
 * What a session is made of, as a fold over its events in any order: everything that "first" or "last" decides
 * is decided by (time, event id), so late and shuffled events give the same session.
 */
export interface Session {
  startedAt: number
  endedAt: number
  /** First event, for the properties of the whole session. */
  first: Marked<{
    date: string
    device: string | null
    country: string | null
    firstTouch: Traffic
    sessionNumber: number | null
    pageDomain: string | null
  }> | null
  /** First event that names a traffic source which is not the site itself. */
  traffic: Marked<Traffic> | null
  landing: Marked<string> | null
  events: number
  pageViews: number
  purchases: number
  /** Micros by currency: amounts of different currencies are never added. */
  revenue: Record<string, number>
}

export interface Traffic {
  readonly source: string | null
  readonly medium: string | null
  readonly campaign: string | null
}

export interface Marked<T> {
  readonly time: number
  readonly id: string
  readonly value: T
}

/** The fields of an event that a session is made of. */
export interface SessionEvent {
  readonly event_id: string
  readonly event_time: number
  readonly event_date: string
  readonly event_name: string
  readonly session_number: number | null
  readonly traffic_source: string | null
  readonly traffic_medium: string | null
  readonly campaign: string | null
  readonly first_source: string | null
  readonly first_medium: string | null
  readonly first_campaign: string | null
  readonly page_location: string | null
  readonly device: string | null
  readonly country: string | null
  readonly value_micros: number | null
  readonly currency: string | null
}

export const emptySession = (): Session => ({
  startedAt: Number.MAX_SAFE_INTEGER,
  endedAt: 0,
  first: null,
  traffic: null,
  landing: null,
  events: 0,
  pageViews: 0,
  purchases: 0,
  revenue: {},
})

/** Takes one event into the session, in place. */
export function addEvent(session: Session, event: SessionEvent): void {
  const { event_time: time, event_id: id, page_location: page } = event
  session.events++
  session.startedAt = Math.min(session.startedAt, time)
  session.endedAt = Math.max(session.endedAt, time)
  const pageDomain = page === null ? null : siteOf(page)
  if (earlier(time, id, session.first))
    session.first = {
      time,
      id,
      value: {
        date: event.event_date,
        device: event.device,
        country: event.country,
        sessionNumber: event.session_number,
        pageDomain,
        firstTouch: {
          source: event.first_source,
          medium: event.first_medium,
          campaign: event.first_campaign,
        },
      },
    }
  const source = event.traffic_source
  if (source !== null && !isSite(source, pageDomain) && earlier(time, id, session.traffic))
    session.traffic = { time, id, value: { source, medium: event.traffic_medium, campaign: event.campaign } }
  if (page !== null && earlier(time, id, session.landing)) session.landing = { time, id, value: pathOf(page) }
  if (event.event_name === 'page_view') session.pageViews++
  if (event.event_name === 'purchase') {
    session.purchases++
    if (event.value_micros !== null && event.currency !== null)
      session.revenue[event.currency] = (session.revenue[event.currency] ?? 0) + event.value_micros
  }
}

/** Whether an event comes before the one that was marked: by time, then id. */
export function earlier(time: number, id: string, than: Marked<unknown> | null): boolean {
  return than === null || time < than.time || (time === than.time && id < than.id)
}

/**
 * Where the session came from: its first event that names a source other than the site itself; else, in a person's
 * first session, what first brought the person; else direct.
 * Source: platforms.md §5.3 of the specification.
 */
export function trafficOf(session: Session): Traffic {
  if (session.traffic) return session.traffic.value
  const first = session.first!.value
  const { source } = first.firstTouch
  if (first.sessionNumber === 1 && source !== null && !isSite(source, first.pageDomain))
    return first.firstTouch
  return { source: '(direct)', medium: '(none)', campaign: null }
}

export function sessionChannel(session: Session): string {
  return channelOf(trafficOf(session))
}

const sites = new Map<string, string | null>()

/** Registrable domain of a URL or host name (`shop.example.co.uk` → `example.co.uk`), or null. */
function siteOf(url: string): string | null {
  const host = hostOf(url)
  let site = sites.get(host)
  if (site === undefined) {
    site = getDomain(host)
    if (sites.size > 10_000) sites.clear()
    sites.set(host, site)
  }
  return site
}

function isSite(source: string, pageDomain: string | null): boolean {
  return pageDomain !== null && source.includes('.') && siteOf(source) === pageDomain
}

function hostOf(url: string): string {
  const rest = afterScheme(url)
  const end = rest.search(/[/?#:]/)
  return end < 0 ? rest : rest.slice(0, end)
}

function pathOf(url: string): string {
  const rest = afterScheme(url).replace(/[?#].*$/s, '')
  const slash = rest.indexOf('/')
  return slash < 0 ? '/' : rest.slice(slash)
}

function afterScheme(url: string): string {
  const at = url.indexOf('://')
  return at < 0 ? url : url.slice(at + 3)
}
