import type { AdReportRecord } from '../../../plugins/records/ad-report.ts'
import type { EventRecord } from '../../../plugins/records/event.ts'
import { eventOf, type Input, MINUTE, reportOf } from './input.ts'

type Row = Readonly<Record<string, string | number | boolean | null>>

/** What an analyst would read off the tables. */
export interface Figures {
  readonly events: readonly Row[]
  readonly days: readonly Row[]
  readonly sessions: readonly Row[]
  readonly ads: readonly Row[]
  readonly refused: readonly Row[]
}

const MICROS = (column: string) => `toUnixTimestamp64Micro(${column}) AS ${column}`

export async function figuresOf(ask: <R>(sql: string) => Promise<R[]>): Promise<Figures> {
  const days = 'date, events, users, sessions, new_users, page_views, view_item, add_to_cart, purchases'
  const sessions = 'session_id, events, page_views, purchases, revenue_micros, currency, open'
  return {
    events: await ask<Row>(
      'SELECT event_date AS date, count() AS events FROM DB.events GROUP BY date ORDER BY date',
    ),
    days: await ask<Row>(`SELECT ${days}, revenue_micros, currency FROM DB.funnel_daily ORDER BY date`),
    sessions: inOrder(
      await ask<Row>(
        `SELECT ${MICROS('started_at')}, ${MICROS('ended_at')}, ${sessions} FROM DB.sessions_current`,
      ),
    ),
    ads: await ask<Row>(
      'SELECT ad_id, date, clicks, spend_micros FROM DB.ad_metrics_daily_current ORDER BY ad_id, date',
    ),
    refused: await ask<Row>('SELECT stage, reason FROM DB.dead_letters ORDER BY reason'),
  }
}

/** The same, counted from the rows that were read. */
export function byHand(input: Input): Figures {
  const all = input.events.flat().map(eventOf)
  const reports = input.reports.flat().map(reportOf)
  const good = [...new Map(all.filter(e => faultOf(e) === null).map(e => [e.event_key, e])).values()]
  const watermark = Math.max(...good.map(e => e.event_time), ...reports.map(midnight))
  const dates = groups(good, e => e.event_date)
  const known = good.filter(e => e.person_id !== null && e.session_id !== null)
  const sessions = [...groups(known, e => `${e.person_id}.${e.session_id}`).values()]
  const ads = [...groups(reports, r => `${r.ad_id} ${r.date}`)].sort(byKey)
  return {
    events: [...dates].sort(byKey).map(([date, { length: events }]) => ({ date, events })),
    days: [...dates].sort(byKey).map(([date, day]) => ({
      date,
      events: day.length,
      users: distinct(day, e => e.person_id),
      sessions: distinct(day, e => e.person_id && e.session_id && `${e.person_id}.${e.session_id}`),
      new_users: named(day, 'first_visit'),
      page_views: named(day, 'page_view'),
      view_item: named(day, 'view_item'),
      add_to_cart: named(day, 'add_to_cart'),
      purchases: named(day, 'purchase'),
      ...revenue(day),
    })),
    sessions: inOrder(
      sessions.map(of => {
        const times = of.map(e => e.event_time)
        return {
          started_at: Math.min(...times),
          ended_at: Math.max(...times),
          session_id: of[0]!.session_id,
          events: of.length,
          page_views: named(of, 'page_view'),
          purchases: named(of, 'purchase'),
          ...revenue(of),
          open: watermark < Math.max(...times) + 30 * MINUTE,
        }
      }),
    ),
    ads: ads.map(([, said]) => {
      const { ad_id, date, clicks, spend_micros } = said.reduce((a, b) => (b.as_of > a.as_of ? b : a))
      return { ad_id, date, clicks, spend_micros }
    }),
    refused: all
      .map(faultOf)
      .filter(reason => reason !== null)
      .sort()
      .map(reason => ({ stage: 'normalise', reason })),
  }
}

/** Why an event of a law is refused: what the reason must say. */
function faultOf(event: EventRecord): string | null {
  const fault = event.event_key.split('/').at(-1)
  if (fault === 'no name') return 'event_name is empty'
  if (fault === 'no such day') return 'event_date "2026-02-31" is not a day (YYYY-MM-DD)'
  if (fault !== 'future') return null
  const time = new Date(event.event_time / 1000).toISOString()
  return `event_time ${time} is in the future (it was read at 2026-01-15T12:00:00.000Z)`
}

const midnight = (report: AdReportRecord) => Date.parse(`${report.date}T00:00:00Z`) * 1000
const named = (events: readonly EventRecord[], name: string) =>
  events.filter(e => e.event_name === name).length
const inOrder = (rows: readonly Row[]) =>
  [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1)

function revenue(events: readonly EventRecord[]): { revenue_micros: number | null; currency: string | null } {
  const paid = events.filter(e => e.value_micros !== null)
  const currencies = [...new Set(paid.map(e => e.currency))]
  const unknown = paid.length === 0 && events.some(e => e.event_name === 'purchase')
  if (currencies.length > 1 || unknown) return { revenue_micros: null, currency: null }
  return {
    revenue_micros: paid.reduce((sum, e) => sum + e.value_micros!, 0),
    currency: currencies[0] ?? null,
  }
}

function groups<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const row of rows) found.set(key(row), [...(found.get(key(row)) ?? []), row])
  return found
}

const distinct = (events: readonly EventRecord[], of: (event: EventRecord) => string | null) =>
  new Set(events.map(of).filter(member => member !== null)).size
