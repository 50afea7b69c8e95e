import fc from 'fast-check'
import type { Source } from '../../../engine/source/port.ts'
import { connector, stream } from '../../../plugins/contract.ts'
import { AdReportRecord } from '../../../plugins/records/ad-report.ts'
import { EventRecord } from '../../../plugins/records/event.ts'
import { object, string } from '../../../plugins/schema.ts'

/** What a source of a law reads: events and reports, each in files. Short, since counterexamples are printed. */
export interface Input {
  readonly events: readonly EventDrawn[][]
  readonly reports: readonly ReportDrawn[][]
}

export const MINUTE = 60_000_000
export const DAY = 1440 * MINUTE
/** The first of the days that events fall on. */
const BEGIN = Date.UTC(2026, 0, 5) * 1000

export const dateOf = (time: number): string => new Date(time / 1000).toISOString().slice(0, 10)

const NAMES = ['session_start', 'first_visit', 'page_view', 'view_item', 'add_to_cart', 'purchase']

const event = fc.record({
  // Few people and sessions, so that they meet.
  person: fc.option(fc.integer({ min: 0, max: 2 }), { freq: 10 }),
  session: fc.option(fc.integer({ min: 0, max: 1 }), { freq: 10 }),
  // At the same instant, close together and days apart: sessions go on, close, and are revised.
  day: fc.integer({ min: 0, max: 3 }),
  slot: fc.integer({ min: 0, max: 8 }),
  name: fc.constantFrom(...NAMES),
  cents: fc.option(fc.integer({ min: 0, max: 9999 })),
  currency: fc.constantFrom('USD', 'USD', 'EUR'),
  referrer: fc.constantFrom(null, 'google', 'newsletter', 'shop.example.com'),
  fault: fc.constantFrom(...Array<null>(20).fill(null), 'no name', 'no such day', 'future'),
})

export type EventDrawn = typeof event extends fc.Arbitrary<infer T> ? T : never

/** The record of what was drawn. The same draw twice is the same event. */
export function eventOf(drawn: EventDrawn): EventRecord {
  const { person, session, day, slot, name, cents, currency, referrer, fault } = drawn
  const time = BEGIN + day * DAY + slot * 12 * MINUTE
  const value = name === 'purchase' && cents !== null ? cents * 10_000 : null
  return {
    event_key: Object.values(drawn).join('/'),
    event_time: fault === 'future' ? BEGIN + 40 * DAY : time,
    event_date: fault === 'no such day' ? '2026-02-31' : dateOf(time),
    event_name: fault === 'no name' ? '' : name,
    person_id: person === null ? null : `person ${person}`,
    user_id: null,
    session_id: session === null ? null : String(session),
    session_number: session,
    source: referrer,
    medium: referrer && 'referral',
    campaign: null,
    first_source: referrer,
    first_medium: null,
    first_campaign: null,
    page_location: `https://shop.example.com/${name}`,
    page_referrer: null,
    page_title: null,
    device: 'mobile',
    country: 'Österreich',
    transaction_id: null,
    value_micros: value,
    currency: value === null ? null : currency,
    consent_analytics: null,
    consent_ads: null,
    params: { slot: String(slot) },
    quality: [],
  }
}

const report = fc.record({
  ad: fc.integer({ min: 0, max: 2 }),
  day: fc.integer({ min: 0, max: 2 }),
  asOf: fc.integer({ min: 0, max: 6 }),
})

export type ReportDrawn = typeof report extends fc.Arbitrary<infer T> ? T : never

export function reportOf({ ad, day, asOf }: ReportDrawn): AdReportRecord {
  // A platform says one thing at a time, often the same again.
  const clicks = [null, 1, 2, 2][(ad + day * 2 + asOf * 3) % 4]!
  return {
    platform: 'meta',
    date: dateOf(BEGIN + day * DAY),
    account_id: 'a',
    campaign_id: 'c',
    adset_id: null,
    ad_id: String(ad),
    impressions: 100,
    clicks,
    spend_micros: clicks === null ? null : clicks * 250_000,
    revenue_micros: null,
    currency: 'EUR',
    conversions_micros: 333_333,
    reach: null,
    settled: false,
    as_of: BEGIN + asOf * DAY,
  }
}

/** Files with some of their rows again, in the same file or in another. */
const repeated = <T>(files: fc.Arbitrary<T[][]>): fc.Arbitrary<T[][]> =>
  fc.tuple(files, fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { maxLength: 6 })).map(([made, again]) => {
    const copy = made.map(rows => [...rows])
    for (const [from, row, to] of again) {
      const rows = copy[from % copy.length]!
      if (rows.length > 0) copy[to % copy.length]!.push(rows[row % rows.length]!)
    }
    return copy
  })

const files = <T>(row: fc.Arbitrary<T>, most: number) =>
  repeated(fc.array(fc.array(row, { maxLength: most, size: 'max' }), { minLength: 1, maxLength: 4 }))

export const input: fc.Arbitrary<Input> = fc.record({ events: files(event, 30), reports: files(report, 6) })

/** A source of one input. `batch`: rows of a batch. Its state is the file and row it has come to. */
export function sourceOf({ events, reports }: Input, { id = 'made', batch = 7 } = {}): Source {
  const reading = (rows: readonly (EventRecord | AdReportRecord)[][], kind: 'event' | 'ad_report') =>
    stream({
      title: kind,
      kind,
      schema: kind === 'event' ? EventRecord : AdReportRecord,
      primaryKey: kind === 'event' ? ['event_key'] : ['ad_id', 'date', 'as_of'],
      cursorField: null,
      async *read({ state }) {
        const { file, row } = (state as { file: number; row: number } | null) ?? { file: 0, row: 0 }
        for (let f = file; f < rows.length; f++)
          for (let r = f === file ? row : 0; r < rows[f]!.length; r += batch)
            yield { records: rows[f]!.slice(r, r + batch) as never, state: { file: f, row: r + batch } }
      },
    })
  return connector({
    id,
    title: 'Made by a law',
    version: '1.0.0',
    // Two values are two connections.
    config: object({ connection: string({ default: '1' }) }),
    async check() {},
    streams: {
      events: reading(
        events.map(file => file.map(eventOf)),
        'event',
      ),
      reports: reading(
        reports.map(file => file.map(reportOf)),
        'ad_report',
      ),
    },
  })
}
