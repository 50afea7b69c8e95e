import fc from 'fast-check'
import t from 'tap'
import type { AdFigures, AdPlatform } from '../../../../../plugins/simulator/world/port.ts'
import { AD_PLATFORMS, PLATFORMS } from '../../../../../plugins/simulator/world/truth/campaigns.ts'
import { CAMPAIGNS, type Truth, truth } from '../../../../../plugins/simulator/world/truth/index.ts'
import { startOfDay } from '../../../../../plugins/sync/days.ts'
import { days, FIRST_DAY, LONG_AFTER, small } from './worlds.ts'

const DAY_US = 86_400_000_000
const FIELDS = [
  'impressions',
  'clicks',
  'spendMicros',
  'conversionsMicros',
  'revenueMicros',
  'reach',
] as const
const of = (platform: AdPlatform) => CAMPAIGNS.filter(campaign => campaign.platform === platform)

const figures = (world: Truth, platform: AdPlatform, day: string, asOf = LONG_AFTER): AdFigures[] =>
  of(platform)
    .flatMap(({ ads }) => ads.map(ad => world.ads.adDay(platform, ad.id, day, asOf)))
    .filter(f => f !== null)

const sum = (all: readonly AdFigures[], field: keyof AdFigures) => all.reduce((n, one) => n + one[field], 0)

t.test('a platform counts at least the clicks that the site saw arrive', async t => {
  const world = small()
  let [lost, arrived] = [0, 0]
  for (const day of days(40))
    for (const platform of AD_PLATFORMS) {
      const { source, medium } = PLATFORMS[platform]
      const sessions = world.site
        .events(day, LONG_AFTER)
        .filter(e => e.name === 'session_start' && e.source === source && e.medium === medium).length
      const clicks = sum(figures(world, platform, day), 'clicks')
      t.ok(clicks >= sessions, `${platform} ${day}`)
      arrived += sessions
      lost += clicks - sessions
    }
  t.ok(arrived > 1000 && lost > arrived * 0.08)
})

t.test('one platform claims 30 % more than it is due, rounded by day; the others none', async t => {
  fc.assert(
    fc.property(fc.nat(1000), seed => {
      const world = small(seed)
      for (const platform of AD_PLATFORMS) {
        const ids = new Set(of(platform).flatMap(({ ads }) => ads.map(ad => ad.id)))
        const factor = platform === 'meta' ? 1.3 : 1
        for (const day of days(15)) {
          const credits = [...world.adDays(day)].flatMap(([id, ad]) => (ids.has(id) ? ad.credits : []))
          const due = credits.reduce((micros, credit) => micros + credit.valueMicros, 0)
          const told = figures(world, platform, day)
          t.ok(Math.abs(sum(told, 'conversionsMicros') / 1e6 - factor * credits.length) <= 0.5)
          t.ok(Math.abs(sum(told, 'revenueMicros') - factor * due) <= 5000 * credits.length)
        }
      }
    }),
    { numRuns: 6 },
  )
})

t.test('every credit is a true order that its platform had a click for, credited by it once', async t => {
  const world = small()
  const orders = new Map(
    days(50).flatMap(day => world.people.ordersOn(day).map(one => [one.order.transactionId, one] as const)),
  )
  const seen = new Set<string>()
  for (const day of days(35))
    for (const [adId, { credits }] of world.adDays(day))
      for (const { transactionId, valueMicros, knownAt } of credits) {
        const { person, order } = orders.get(transactionId)!
        const platform = CAMPAIGNS.find(({ ads }) => ads.some(ad => ad.id === adId))!.platform
        t.equal(valueMicros, order.valueMicros)
        t.ok(knownAt >= order.at)
        t.ok(person.visits.some(visit => visit.channel.ad?.adId === adId && visit.at <= order.at))
        t.notOk(seen.has(`${platform} ${transactionId}`))
        seen.add(`${platform} ${transactionId}`)
      }
  t.ok(seen.size > 50)
})

t.test('figures only grow while a day lasts and is restated, and stand still after ten days', async t => {
  const world = small()
  let late = 0
  for (const day of days(7)) {
    const begins = startOfDay(day, world.options.zone)
    for (const { platform, ads } of CAMPAIGNS)
      for (const ad of ads) {
        const at = (n: number) => world.ads.adDay(platform, ad.id, day, begins + n * DAY_US)
        t.equal(at(-0.01), null)
        const told = [0.2, 0.5, 1, 2, 5, 11, 90].map(n => at(n)!)
        t.ok(FIELDS.every(field => told.every((one, i) => i === 0 || one[field] >= told[i - 1]![field])))
        for (const field of ['impressions', 'clicks', 'spendMicros'] as const)
          t.equal(told[2]![field], told[6]![field])
        t.same(told[5], told[6])
        late += (told[6]!.conversionsMicros - told[2]!.conversionsMicros) / 1_000_000
      }
  }
  t.ok(late > 3, `${late} conversions were credited after their day`)
})

t.test('groups of people sum to the campaign exactly, at any time', async t => {
  const world = small()
  const begins = startOfDay(FIRST_DAY, world.options.zone)
  fc.assert(
    fc.property(
      fc.nat(20),
      fc.double({ min: 0, max: 40, noNaN: true }),
      fc.constantFrom(...CAMPAIGNS),
      (n, age, c) => {
        const [day, asOf] = [days(21)[n]!, begins + Math.floor((n + age) * DAY_US)]
        const groups = world.ads.demographics(c.platform, c.id, day, asOf)
        const whole = c.ads.map(ad => world.ads.adDay(c.platform, ad.id, day, asOf)).filter(f => f !== null)
        for (const field of FIELDS) t.equal(sum(groups, field), sum(whole, field))
        t.ok(
          groups.every(group => FIELDS.every(field => Number.isInteger(group[field]) && group[field] >= 0)),
        )
      },
    ),
    { numRuns: 60 },
  )
})

t.test('weeks go up and down, and platforms rise and fall', async t => {
  const world = small()
  const clicks = (platform: AdPlatform, among: readonly string[]) =>
    among.reduce((n, day) => n + sum(figures(world, platform, day), 'clicks'), 0)
  const all = days(84)
  const on = (weekday: number) =>
    clicks(
      'meta',
      all.filter(day => new Date(day).getUTCDay() === weekday),
    )
  t.ok(on(0) > 1.15 * on(2), 'Sundays are busier than Tuesdays')
  const [early, late] = [all.slice(0, 42), days(42, '2026-10-05')]
  t.ok(clicks('tiktok', late) > 1.3 * clicks('tiktok', early))
  t.ok(clicks('snapchat', late) < clicks('snapchat', early))
})

t.test('campaigns spend much of their budgets, and never twice a day’s', async t => {
  const world = truth({ firstDay: FIRST_DAY })
  const all = days(21, '2026-10-05')
  for (const platform of ['meta', 'google', 'tiktok'] as const)
    for (const { id, name, dailyBudgetMicros } of world.ads.accounts(platform)[0]!.campaigns) {
      const { ads } = CAMPAIGNS.find(campaign => campaign.id === id)!
      const spent = all.map(day =>
        sum(
          ads.map(ad => world.ads.adDay(platform, ad.id, day, LONG_AFTER)!),
          'spendMicros',
        ),
      )
      const mean = spent.reduce((a, b) => a + b) / all.length / dailyBudgetMicros
      t.ok(mean > 0.4 && mean < 1, `${platform} ${name}: ${mean}`)
      t.ok(Math.max(...spent) < 2 * dailyBudgetMicros, `${platform} ${name}`)
    }
})
