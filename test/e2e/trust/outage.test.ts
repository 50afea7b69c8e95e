import t, { type Test } from 'tap'
import { type AdMetrics, adMetricsKind } from '../../../pipelines/ad-metrics/stage.ts'
import { type SignalHealth, signalHealthKind } from '../../../pipelines/trust/signal-health.ts'
import type { AdWorld } from '../../../plugins/simulator/world/port.ts'
import { addDays, dayIn } from '../../../plugins/sync/index.ts'
import { gates } from '../../pipelines/signals/gates.ts'
import { byHour, noRealHours, realHours } from '../../pipelines/signals/real-hours.ts'
import { type EventsByHour, house, siteEvents } from './house.ts'
import { blinded, shopWorld } from './shop-world.ts'

const HOUR = 3_600_000_000
const at = (iso: string): number => Date.parse(iso) * 1000
/** The real property's. */
const ZONE = 'America/Los_Angeles'
const HISTORY_DAYS = 60
/** Everything is connected a day before. Platforms are read every three hours, of which all these are. */
const CONNECTED = at('2021-01-11T06:00:00Z')
const BLIND = { from: at('2021-01-12T12:00:00Z'), until: at('2021-01-14T15:00:00Z') }
const END = at('2021-01-14T18:00:00Z')

t.setTimeout(300_000)

t.test('on the real week Google Ads stops reporting purchases', { skip: noRealHours }, async t => {
  const firstDay = addDays(dayIn(ZONE, CONNECTED), 1 - HISTORY_DAYS)
  const { ads, site } = shopWorld({ seed: 7, firstDay, zone: ZONE, currency: 'USD' })
  const shop = byHour(await siteEvents(t, site, END))
  const real = await realHours()
  const run = { shop, real, t }
  const told = await week({ ...run, world: blinded(ads, 'google', BLIND) })

  await t.test('its own reports say so: money is spent, and what was known of purchases stays', async t => {
    const ofGoogle = told.metrics.filter(row => row.platform === 'google')
    const lastOf = (until: number) => {
      const latest = new Map(
        ofGoogle.filter(row => row.as_of < until).map(row => [`${row.ad_id} ${row.date}`, row]),
      )
      const sum = (name: 'spend_micros' | 'conversions_micros') =>
        [...latest.values()].reduce((micros, row) => micros + row[name]!, 0)
      return { spend: sum('spend_micros'), conversions: sum('conversions_micros') }
    }
    const [before, blind, after] = [BLIND.from + 1, BLIND.until, END].map(lastOf)
    t.ok(blind!.spend > before!.spend)
    t.equal(blind!.conversions, before!.conversions)
    t.ok(after!.conversions > blind!.conversions + 80_000_000, 'what it finds later')
  })

  await t.test('its gate for ROAS closes, spend caps act, late data opens it', async t => {
    const google = gates()
    const of = told.health.filter(row => row.platform === 'google')
    t.not(of[0]!.data_freshness, null, 'what came at once is a history too')
    // The morning after it was connected: a gate that nobody evaluated before opens a level at a time.
    for (const row of of.filter(row => row.as_of > BLIND.from)) google.look(row.as_of, row)
    google.closes(t, BLIND.from)
    google.opens(t, BLIND.until)
    t.equal(google.since('BLOCK'), BLIND.from + 48 * HOUR, 'nothing of it for two days')
    const shut = of.find(row => row.as_of === google.since('BLOCK'))!
    t.match(shut.explanation, /Google Ads' conversion data ends 2021-01-12 04:00, 48 h ago/)
    t.strictSame(shut.caps, ['FRESHNESS_ZERO'])
  })

  await t.test('what is told of the other platform is the same, byte by byte, as without it', async t => {
    const calm = await week({ ...run, world: ads })
    const of = (platform: string, { health }: Week) =>
      health.filter(row => row.platform === platform).map(row => JSON.stringify(row))
    const other = of('tiktok', told)
    t.ok(other.length > 900)
    t.strictSame(other, of('tiktok', calm))
    t.match(calm.health.at(-1), { gate_risk_increasing: 'PASS' })
    const ofGoogle = calm.health.filter(row => row.platform === 'google' && row.as_of > BLIND.from)
    t.strictSame(
      [...new Set(ofGoogle.map(row => row.gate_risk_increasing))],
      ['PASS'],
      'nothing else closes it',
    )
  })
})

interface Week {
  readonly health: readonly SignalHealth[]
  readonly metrics: readonly AdMetrics[]
}

interface Run {
  readonly t: Test
  readonly world: AdWorld
  readonly shop: EventsByHour
  readonly real: EventsByHour
}

/** From the first sync, which brings what was before, to the end. */
async function week({ t, world, shop, real }: Run): Promise<Week> {
  const { tenant, events, sync, tick } = await house(t, world, HISTORY_DAYS)
  for (const [hour, records] of shop) if (hour * HOUR < CONNECTED) events(records, CONNECTED)
  let fed = 0
  for (let now = CONNECTED; now < END; now += HOUR) {
    if (now > CONNECTED) for (const hours of [shop, real]) events(hours.get(now / HOUR - 1) ?? [], now)
    fed += real.get(now / HOUR - 1)?.length ?? 0
    if ((now / HOUR) % 3 === 0) await sync(now)
    for (let part = 1; part <= 12; part++) tick(now + (part * HOUR) / 12)
  }
  t.ok(fed > 15_000, `${fed} real events`)
  return {
    health: tenant.of<SignalHealth>(signalHealthKind),
    metrics: tenant.of<AdMetrics>(adMetricsKind),
  }
}
