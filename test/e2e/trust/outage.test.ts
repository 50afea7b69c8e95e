import t from 'tap'
import { addDays, dayIn } from '../../../plugins/sync/index.ts'
import { gates } from '../../pipelines/signals/gates.ts'
import { byHour, noRealHours, realHours } from '../../pipelines/signals/real-hours.ts'
import { siteEvents } from './house.ts'
import { blinded, shopWorld } from './shop-world.ts'
import { BLIND, CONNECTED, END, HISTORY_DAYS, HOUR, type Week, week } from './week.ts'

/** The real property's. */
const ZONE = 'America/Los_Angeles'

const of = <R extends { readonly platform: string }>(platform: string, rows: readonly R[]): R[] =>
  rows.filter(row => row.platform === platform)

t.setTimeout(600_000)

t.test('on the real week Google Ads stops reporting purchases', { skip: noRealHours }, async t => {
  const firstDay = addDays(dayIn(ZONE, CONNECTED), 1 - HISTORY_DAYS)
  // A seed in which no series of days happens to break its own record: see the README of signals.
  const { ads, site } = shopWorld({ seed: 34, firstDay, zone: ZONE, currency: 'USD' })
  const events = { shop: byHour(await siteEvents(t, site, END)), real: await realHours() }
  const told = await week(t, { ...events, world: blinded(ads, 'google', BLIND) })
  const google = gates()
  // Before, a platform that was just connected opened a level at a time.
  for (const row of of('google', told.health)) if (row.as_of > BLIND.from) google.look(row.as_of, row)

  await t.test('its own reports say so: money is spent, and what was known of purchases stays', async t => {
    const [before, blind, after] = [BLIND.from + 1, BLIND.until, END].map(until => reported(told, until))
    t.ok(blind!.spend > before!.spend)
    t.equal(blind!.conversions, before!.conversions)
    t.ok(after!.conversions > blind!.conversions + 80_000_000, 'what it finds later')
  })

  await t.test('its gate for ROAS closes, spend caps act, late data opens it', async t => {
    const health = of('google', told.health)
    t.not(health[0]!.data_freshness, null, 'what came at once is a history too')
    google.closes(t, BLIND.from)
    google.opens(t, BLIND.until)
    t.equal(google.since('BLOCK'), BLIND.from + 48 * HOUR, 'nothing of it for two days')
    const shut = health.find(row => row.as_of === google.since('BLOCK'))!
    t.match(shut.explanation, /Google Ads' conversion data ends 2021-01-12 04:00, 48 h ago/)
    t.strictSame(shut.caps, ['FRESHNESS_ZERO'])
  })

  await t.test('nothing is raised on it until it is open, and its budgets are capped meanwhile', async t => {
    const open = google.since('PASS', BLIND.until)!
    const decided = (platform: string, type: string) =>
      of(platform, told.decisions)
        .filter(row => row.type === type)
        .map(row => ({ outcome: row.outcome, at: row.event_time }))
    const raised = decided('google', 'BUDGET_INCREASE')
    t.strictSame(
      raised.slice(0, 4).map(({ outcome }) => outcome),
      ['ALERT_ONLY', 'MANUAL_REQUIRED', 'ALERT_ONLY', 'EXECUTE'],
    )
    t.equal(raised[3]!.at, open, 'at the evaluation that opens it')
    const first = raised[0]!.at
    t.match(decided('google', 'BUDGET_DECREASE')[0], { outcome: 'EXECUTE', at: first })
    t.match(decided('tiktok', 'BUDGET_INCREASE')[0], { outcome: 'EXECUTE', at: first })
  })

  await t.test('what is told of the other platform is the same, byte by byte, as without it', async t => {
    const calm = await week(t, { ...events, world: ads })
    const other = (rows: Week['health']) => of('tiktok', rows).map(row => JSON.stringify(row))
    t.ok(other(told.health).length > 900)
    t.strictSame(other(told.health), other(calm.health))
    const ofGoogle = of('google', calm.health).filter(row => row.as_of > BLIND.from)
    t.strictSame(
      [...new Set(ofGoogle.map(row => row.gate_risk_increasing))],
      ['PASS'],
      'nothing else closes it',
    )
  })
})

/** What Google has said of all days up to a time. Micros. */
function reported({ metrics }: Week, until: number) {
  const latest = new Map(
    of('google', metrics)
      .filter(row => row.as_of < until)
      .map(row => [`${row.ad_id} ${row.date}`, row]),
  )
  const sum = (name: 'spend_micros' | 'conversions_micros') =>
    [...latest.values()].reduce((micros, row) => micros + row[name]!, 0)
  return { spend: sum('spend_micros'), conversions: sum('conversions_micros') }
}
