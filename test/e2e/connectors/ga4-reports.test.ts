import { join } from 'node:path'
import t from 'tap'
import { GA4Simulator, type ReportedDay } from '../../../connectors/ga4/simulator/index.ts'
import { plainSite } from '../../../plugins/simulator/world/plain-site.ts'
import type { SiteWorld } from '../../../plugins/simulator/world/site.ts'
import { startOfDay } from '../../../plugins/sync/index.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { json, run } from '../../support/program.ts'

const FIRST = '2026-04-05'
const HOUR_US = 3_600_000_000
/** From a day's beginning until GA4 knows where its visitors came from. */
const ATTRIBUTED_AFTER = 40 * HOUR_US

const site = plainSite({ seed: 7, firstDay: FIRST })
const world: SiteWorld = {
  ...site,
  events(day, asOf) {
    const events = site.events(day, asOf)
    if (asOf < startOfDay(day, site.zone) + ATTRIBUTED_AFTER) return events
    const found = { source: 'google', medium: 'cpc', campaign: 'brand' }
    return events.map(event => (event.source === null ? { ...event, ...found } : event))
  },
}

t.setTimeout(400_000)

t.test(
  'days that GA4 goes on changing: what is in force is its last report, and no row of one before',
  async t => {
    const clock = { at: '2026-04-15T09:30:00Z' }
    const simulator = await GA4Simulator.start({
      world,
      now: () => Date.parse(clock.at) * 1000,
      tokens: { perHour: 40_000, perDay: 200_000 },
      pageRows: 7,
    })
    t.teardown(() => simulator.close())
    const data = join(temporaryFolder(t), 'data')
    const settings = Object.entries(simulator.reportConfig()).flatMap(([name, value]) => [
      '--set',
      `${name}=${value}`,
    ])
    const options = () => ({ env: { STRATUM_CLOCK__FIXED: clock.at } })
    const query = <T>(sql: string) => json<T[]>(['query', sql, '--data', data], options())
    const dates = async (sql: string) => (await query<{ date: string }>(sql)).map(({ date }) => date)
    const direct = (table: string) =>
      dates(
        `SELECT DISTINCT toString(date) AS date FROM stratum.${table} WHERE channel = 'Direct' ORDER BY date`,
      )

    /** A run at a time, after which the warehouse holds what the site's ledger says. */
    const ingested = async (at: string) => {
      clock.at = at
      const { read, dead_lettered } = await json<{ read: number; dead_lettered: number }>(
        ['ingest', 'ga4', ...settings, '--tenant', 'demo', '--data', data],
        options(),
      )
      t.equal(dead_lettered, 0)
      const days = await query<ReportedDay>(
        `SELECT toString(date) AS date, toInt32(sum(sessions)) AS sessions, toInt32(sum(purchases)) AS purchases,
        toFloat64(sum(revenue_micros)) AS revenue_micros FROM stratum.web_reports_daily_current GROUP BY date ORDER BY date`,
      )
      t.same(days, simulator.ledger.reported(FIRST), at)
      return read
    }

    const first = await ingested('2026-04-15T09:30:00Z')
    t.same(await direct('web_reports_daily_current'), ['2026-04-14', '2026-04-15'])
    const second = await ingested('2026-04-16T09:30:00Z')
    t.ok(second > 0 && second < first, 'only what may have changed is read again')
    t.same(await direct('web_reports_daily_current'), ['2026-04-15', '2026-04-16'])
    // Then nothing ran for three days.
    await ingested('2026-04-19T09:30:00Z')
    t.same(await direct('web_reports_daily_current'), ['2026-04-18', '2026-04-19'])
    t.same(
      await direct('web_reports_daily'),
      ['2026-04-14', '2026-04-15', '2026-04-16', '2026-04-18', '2026-04-19'],
      'what was said before is kept',
    )
    t.same(
      await dates(
        'SELECT DISTINCT toString(date) AS date FROM stratum.web_reports_daily_current WHERE NOT settled ORDER BY date',
      ),
      ['2026-04-17', '2026-04-18', '2026-04-19'],
    )
    const verdict = await run(['verify', '--exactly-once', '--data', data], options())
    t.equal(verdict.code, 0, verdict.err)
  },
)
