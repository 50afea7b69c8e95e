import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { damaged, FAULTS } from './generate-faults.ts'
import { pick, type Random, seeded } from './random.ts'

/** What a generated export holds, so that the undisturbed run itself can be checked. */
export interface Truth {
  readonly rows: number
  /** Distinct good events. */
  readonly events: number
  readonly deadLetters: number
}

export interface GenerateOptions {
  readonly seed: number
  readonly days: number
  readonly sessionsPerDay: number
}

const PAGES = ['/', '/sale', '/shirts', '/shirts/blue', '/basket', '/checkout']
const TRAFFIC = [
  ['google', 'organic', '(organic)'],
  ['google', 'cpc', 'spring'],
  ['newsletter', 'email', 'march'],
  ['(direct)', '(none)', '(direct)'],
] as const
const STEPS = ['view_item', 'add_to_cart', 'begin_checkout', 'add_payment_info', 'purchase']
const MINUTE = 60_000_000
const DAY = 1440 * MINUTE
const NEWLINE = Buffer.from('\n')

/**
 * Writes export tables in BigQuery's NDJSON form into a folder: sessions of returning people, with what real
 * exports have, too: rows twice (in one table and in two), events days late, purchases without a transaction id,
 * and rows that cannot be read.
 */
export function generate(dir: string, { seed, days, sessionsPerDay }: GenerateOptions): Truth {
  const random = seeded(seed)
  const tables: Buffer[][] = Array.from({ length: days }, () => [])
  let events = 0
  let deadLetters = 0
  let repeats = 0
  for (let day = 0; day < days; day++) {
    for (let s = 0; s < sessionsPerDay; s++)
      for (const row of session(random, day, s, sessionsPerDay)) {
        events++
        // One event in fifty comes with a later day's table, as devices that were offline do.
        const late = random() < 0.02 ? Math.min(days - 1, day + 1 + Math.floor(random() * 2)) : day
        tables[late]!.push(row)
        if (random() < 0.01) {
          repeats++
          tables[pick(random, [late, days - 1])]!.push(row)
        }
      }
  }
  for (const [day, rows] of tables.entries())
    for (const fault of FAULTS) {
      deadLetters++
      // Never first: from its first row a reader knows what kind of file it has.
      rows.splice(1 + Math.floor(random() * rows.length), 0, damaged(fault, day))
    }
  mkdirSync(dir, { recursive: true })
  tables.forEach((rows, day) => {
    const lines = rows.flatMap(row => [row, NEWLINE])
    writeFileSync(join(dir, `events_${dateOf(day)}.ndjson`), Buffer.concat(lines))
  })
  return { rows: events + repeats + deadLetters, events, deadLetters }
}

const dateOf = (day: number): string => `202101${String(11 + day).padStart(2, '0')}`

function* session(random: Random, day: number, nth: number, perDay: number): Generator<Buffer> {
  // A third of a day's people come back on the next.
  const person = `${1_000_000 + nth + Math.floor((day * perDay * 2) / 3)}.16103`
  const start = Date.UTC(2021, 0, 11 + day) * 1000 + Math.floor(random() * (DAY - 120 * MINUTE))
  const id = Math.floor(start / 1e6)
  const [source, medium, name] = pick(random, TRAFFIC)
  const device = pick(random, ['desktop', 'mobile', 'tablet'])
  const depth = Math.floor(random() ** 2 * (STEPS.length + 1))
  const names = ['session_start', ...(random() < 0.5 ? ['first_visit'] : []), 'page_view']
  for (let i = Math.floor(random() * 6); i >= 0; i--) names.push('page_view', 'user_engagement')
  names.push(...STEPS.slice(0, depth))
  let time = start
  for (const event of names) {
    time += 1 + Math.floor(random() * 4 * MINUTE)
    const revenue = event === 'purchase' ? Math.round(random() * 20_000) / 100 : null
    const page = `https://shop.example.com${pick(random, PAGES)}`
    const row = {
      event_date: dateOf(day),
      event_timestamp: String(time),
      event_name: event,
      event_params: [
        { key: 'ga_session_id', value: { int_value: String(id) } },
        { key: 'ga_session_number', value: { int_value: '1' } },
        { key: 'page_location', value: { string_value: page } },
        { key: 'engagement_time_msec', value: { int_value: String(Math.floor(random() * 9000)) } },
        ...(event === 'session_start' ? [{ key: 'source', value: { string_value: source } }] : []),
        ...(event === 'session_start' ? [{ key: 'medium', value: { string_value: medium } }] : []),
      ],
      user_pseudo_id: person,
      device: { category: device },
      geo: { country: 'Austria' },
      traffic_source: { source, medium, name },
      stream_id: '1',
      ecommerce: {
        purchase_revenue_in_usd: revenue,
        transaction_id: revenue !== null && random() < 0.9 ? `t${id}` : null,
      },
    }
    yield Buffer.from(JSON.stringify(row))
  }
}
