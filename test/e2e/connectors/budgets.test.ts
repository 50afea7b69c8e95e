import t, { type Test } from 'tap'
import googleAds from '../../../connectors/google-ads/index.ts'
import { startGoogleAds } from '../../../connectors/google-ads/simulator/index.ts'
import { ledgerOf as googleLedger } from '../../../connectors/google-ads/simulator/ledger.ts'
import meta from '../../../connectors/meta/index.ts'
import { MetaSimulator } from '../../../connectors/meta/simulator/index.ts'
import { LIMITED } from '../../../connectors/meta/simulator/usage.ts'
import snapchat from '../../../connectors/snapchat/index.ts'
import { startSnapchat } from '../../../connectors/snapchat/simulator/index.ts'
import { ledgerOf as snapchatLedger } from '../../../connectors/snapchat/simulator/ledger.ts'
import { TIERS } from '../../../connectors/tiktok/api/limits.ts'
import tiktok from '../../../connectors/tiktok/index.ts'
import { startTikTok } from '../../../connectors/tiktok/simulator/server.ts'
import type { WindowLimit } from '../../../engine/source/limits/windows.ts'
import type { PlatformLimits } from '../../../plugins/simulator/limits.ts'
import { plainWorld } from '../../../plugins/simulator/world/plain.ts'
import type { AdWorld } from '../../../plugins/simulator/world/port.ts'
import { addDays, dayIn } from '../../../plugins/sync/index.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { scaled, virtualTime } from '../../support/virtual-time.ts'
import { fleet } from './fleet.ts'
import { differences, foundIn, type Owed, owedBy, sumOf } from './owed.ts'

const CAMPAIGNS = 1000
const DAYS = 90
/**
 * Of Google Ads, where a report costs the same however long it is. All of it is far from a day's 2,880 operations, so
 * the limit is a tenth of that.
 */
const ACCOUNTS = 100
const OPERATIONS = 288
/**
 * Pages are smaller than the platforms' thousand rows, with which all of it is a hundred calls: too few to meet a limit
 * again and again.
 */
const PAGE_ROWS = { tiktok: 100, meta: 200 }
/** One way, of 20 ms there and back. What a call is under way, its place in a window is not free for the next. */
const TRAVEL_MS = 10
const NOW = '2026-04-15T09:30:00Z'
const ZONE = 'America/New_York'

t.setTimeout(600_000)

const now = () => Date.parse(NOW) * 1000
const TODAY = dayIn(ZONE, now())
const FIRST_DAY = addDays(TODAY, 1 - DAYS)
const world = plainWorld({
  seed: 7,
  firstDay: FIRST_DAY,
  campaigns: CAMPAIGNS,
  adsets: 1,
  ads: 1,
  zone: ZONE,
})

/** The same campaigns in so many accounts. */
const inAccounts = (one: AdWorld, accounts: number): AdWorld => ({
  ...one,
  accounts: platform =>
    one.accounts(platform).flatMap(account =>
      Array.from({ length: accounts }, (_, i) => ({
        ...account,
        id: `${account.id}${String(i).padStart(4, '0')}`,
        campaigns: account.campaigns.filter((_, c) => c % accounts === i),
      })),
    ),
})

t.test('first syncs of 1,000 campaigns and 90 days use what platforms allow, and never more', async t => {
  const all = await fleet(temporaryFolder(t), [meta, googleAds, tiktok, snapchat], NOW)
  t.teardown(() => all.close())
  let inAll = 0

  /** The warehouse holds what the platform's own ledger says: not a row less, not one twice. */
  const compare = async (t: Test, platform: string, ledger: readonly Owed[]) => {
    const [found, owed] = [await foundIn(all.warehouse, platform), owedBy(ledger)]
    t.equal(owed.size, CAMPAIGNS * DAYS, 'campaigns and days')
    t.same(differences(found, owed).slice(0, 5), [], 'figures by campaign and day')
    t.same(sumOf(found), sumOf(owed), 'figures in all')
    t.equal(await all.rows(platform), ledger.length, 'one revision of each')
    inAll += ledger.length
  }

  const start = (t: Test) => {
    const time = virtualTime(TRAVEL_MS)
    t.teardown(() => time.end())
    return time
  }

  await t.test('Snapchat: ten calls a second for a token', async t => {
    const time = start(t)
    const simulator = await startSnapchat({ world, now, time })
    t.teardown(() => simulator.close())
    const { tokenLimits, appLimits } = simulator.platform
    const { deadLettered } = await all.sync('snapchat', simulator.config, time.limiter)
    t.equal(deadLettered, 0)
    t.equal(tokenLimits.refused + appLimits.refused, 0)
    saturated(t, tokenLimits, { calls: 10, perMs: 1000 }, 250)
    await compare(t, 'snapchat', snapchatLedger(world, FIRST_DAY, TODAY, now()))
  })

  await t.test('TikTok: ten calls a second and 600 a minute for an app of the tier basic', async t => {
    const time = start(t)
    const simulator = await startTikTok({ world, now, limits: TIERS.basic, pageRows: PAGE_ROWS.tiktok, time })
    t.teardown(() => simulator.close())
    const { platform, ledger, baseUrl } = simulator
    const config = {
      access_token: platform.token,
      advertiser_ids: platform.entities.accounts.map(({ id }) => id),
      app_id: 'app',
      service_tier: 'basic',
      history_days: DAYS,
      base_url: baseUrl,
    }
    const { deadLettered } = await all.sync('tiktok', config, time.limiter)
    t.equal(deadLettered, 0)
    t.equal(platform.limits!.refused + platform.taskLimits!.refused, 0)
    saturated(t, platform.limits!, { calls: 10, perMs: 1000 }, 80)
    await compare(t, 'tiktok', ledger.adDays(FIRST_DAY, TODAY))
  })

  await t.test('Meta: 60 points in five minutes for an account in the tier limited', async t => {
    const time = start(t)
    const jobs = { unseenMs: 0, readyMs: 0 }
    const simulator = await MetaSimulator.start({
      world,
      now,
      limits: LIMITED,
      mostRows: PAGE_ROWS.meta,
      jobs,
      time,
    })
    t.teardown(() => simulator.close())
    const { pixel_ids: _, ...config } = simulator.config()
    const limited = { ...config, access_tier: 'limited' }
    const { deadLettered } = await all.sync('meta', limited, time.limiter)
    t.equal(deadLettered, 0)
    t.equal(simulator.usage!.refused, 0)
    saturated(t, simulator.usage!.points, { calls: LIMITED.points, perMs: LIMITED.pointsMs }, 6)
    await compare(t, 'meta', simulator.ledger.adReports({ from: FIRST_DAY, to: TODAY }))
  })

  await t.test('Google Ads: the operations of a day for a developer token of explorer access', async t => {
    const time = start(t)
    const many = inAccounts(world, ACCOUNTS)
    const simulator = await startGoogleAds({ world: many, now, operations: OPERATIONS, time })
    t.teardown(() => simulator.close())
    const config = { ...simulator.config, access_level: 'explorer', history_days: DAYS }
    const { deadLettered } = await all.sync('google-ads', config, scaled(time.limiter, 2880 / OPERATIONS))
    t.equal(deadLettered, 0)
    const daily = simulator.platform.daily!
    t.equal(daily.refused, 0)
    saturated(t, daily, { calls: OPERATIONS, perMs: 86_400_000 }, 5)
    await compare(t, 'google', googleLedger({ world: many }, FIRST_DAY, TODAY, now()))
  })

  t.equal(await all.rows(), inAll, 'no row of a platform is taken for that of another')
})

/**
 * While there is work, a limit is used: of its windows one after the other, nine in ten hold nine tenths of it or more;
 * the last, in which the work ended, is left out. None holds more than it.
 */
function saturated(t: Test, limits: PlatformLimits, { calls, perMs }: WindowLimit, least: number): void {
  const [windows = [], ...others] = limits.windows(perMs).values()
  t.equal(others.length, 0, 'all is counted by one key')
  const whole = windows.slice(0, -1)
  const used = whole.filter(n => n >= calls * 0.9).length
  t.comment(`${used} of ${whole.length} windows of ${perMs / 1000} s were used`)
  t.ok(whole.length >= least, 'the limit was met again and again')
  t.ok(used >= whole.length * 0.9, 'it was used while there was work')
  t.ok(Math.max(...windows) <= calls, 'it was never exceeded')
}
