import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { exportRow, ndjson } from '../connectors/ga4/support.ts'
import { temporaryFolder } from '../support/folder.ts'
import { json, run, start } from '../support/program.ts'

const DAYS = 40
const DAY_US = 86_400_000_000
const FIRST = Date.parse('2026-01-01T09:00:00Z') * 1000
const SOURCES = ['google', 'bing', 'news', 'facebook'] as const
const BY_DAY = `SELECT date, model, dimension, key, conversion_units, revenue_micros FROM stratum.attribution_daily ORDER BY ALL`

/** Twelve people who come every few days by one source or another; each day some of them buy. */
function exportOf(day: number): string {
  const event_date = new Date((FIRST + day * DAY_US) / 1000).toISOString().slice(0, 10).replaceAll('-', '')
  const rows = Array.from({ length: 12 }, (_, person) => person)
    .filter(person => (person * 7 + day * 5) % 4 !== 0)
    .flatMap(person => {
      const at = FIRST + day * DAY_US + person * 60_000_000
      const source = SOURCES[(person * day + person) % SOURCES.length]!
      const visit = (name: string, after: number, params: Record<string, string | number>) =>
        exportRow(
          {
            event_date,
            event_name: name,
            event_timestamp: String(at + after),
            user_pseudo_id: `p.${person}`,
          },
          { ga_session_id: 1000 * person + day, source, medium: 'cpc', ...params },
        )
      const buys = (person + day) % 6 === 0
      const order = { transaction_id: `${person}-${day}`, value: 10 + person, currency: 'EUR' }
      return [visit('page_view', 0, {}), ...(buys ? [visit('purchase', 1_000_000, order)] : [])]
    })
  return ndjson(rows)
}

t.test(
  'two ingests of the same exports, one of them killed twice, have the same figures of Markov of every day',
  async t => {
    t.setTimeout(300_000)
    const cwd = temporaryFolder(t)
    mkdirSync(join(cwd, 'exports'))
    for (let day = 0; day < DAYS; day++) {
      const date = new Date((FIRST + day * DAY_US) / 1000).toISOString().slice(0, 10).replaceAll('-', '')
      writeFileSync(join(cwd, 'exports', `events_${date}.ndjson`), exportOf(day))
    }
    const options = { cwd, env: { STRATUM_CLOCK__FIXED: '2026-03-01T12:00:00Z' } }
    const ingest = (data: string) => [
      'ingest',
      'ga4',
      '--set',
      'path=exports',
      '--tenant',
      'acme',
      '--data',
      data,
    ]
    // Days leave a short window while others are read.
    const set = (data: string) =>
      json(
        ['settings', 'journeys', '--tenant', 'acme', '--set', 'markov.window_days=3', '--data', data],
        options,
      )
    const figures = (data: string) =>
      json<{ model: string; dimension: string; conversion_units: number }[]>(
        ['query', BY_DAY, '--data', data],
        options,
      )

    await set('calm')
    t.match(await run(ingest('calm'), options), { code: 0 })
    await set('killed')
    for (const ms of [1_800, 2_600]) {
      const child = start(ingest('killed'), options)
      await Promise.race([once(child, 'close'), sleep(ms)])
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
    }
    t.match(await run(ingest('killed'), options), { code: 0 })

    const [calm, killed] = [await figures('calm'), await figures('killed')]
    t.same(killed, calm)
    const sums = new Map<string, number>()
    for (const { model, dimension, conversion_units } of calm)
      if (dimension === 'channel') sums.set(model, (sums.get(model) ?? 0) + conversion_units)
    t.ok(sums.get('markov')! > 10e9)
    t.equal(sums.get('markov'), sums.get('linear'), 'each day has what it had, by every model')
  },
)
