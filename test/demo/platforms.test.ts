import t from 'tap'
import { sources } from '../../connectors/index.ts'
import { type DemoPlatform, PLATFORMS } from '../../demo/platforms.ts'
import { validate } from '../../engine/config/index.ts'
import { sourceContext } from '../../engine/source/context.ts'
import type { SourceConfig } from '../../engine/source/port.ts'
import { AD_PLATFORMS } from '../../plugins/simulator/world/truth/campaigns.ts'
import { CAMPAIGNS, truth } from '../../plugins/simulator/world/truth/index.ts'
import { addDays, startOfDay } from '../../plugins/sync/days.ts'
import { readThrough } from '../connectors/reading.ts'

const ZONE = 'America/New_York'
const DAYS = 20
const FIRST_DAY = '2026-03-01'
const NOW = startOfDay(addDays(FIRST_DAY, DAYS - 1), ZONE) + 15 * 3_600_000_000
const world = truth({ firstDay: FIRST_DAY, zone: ZONE, peopleADay: 60 })
const days = Array.from({ length: DAYS }, (_, i) => addDays(FIRST_DAY, i))
const lastDay = addDays(FIRST_DAY, DAYS + 5)

const started: DemoPlatform[] = []
t.before(async () => {
  for (const start of PLATFORMS) started.push(await start({ world, now: () => NOW, lastDay }))
})
t.teardown(() => Promise.all(started.map(platform => platform.close())))

/** What the real connector reads of a platform, through its HTTP. */
async function read(name: string, stream: string) {
  const { connection } = started.find(one => one.connection.name === name)!
  const source = sources.find(one => one.id === connection.source)!
  const config = validate(source.spec, connection.config, name) as SourceConfig
  const pace = { backOffMs: 1, pollMs: 1 }
  const context = sourceContext({ config, clock: () => NOW, pace })
  await source.check(context)
  const { records, rejected } = await readThrough(source, stream, context)
  t.same(rejected, [], `${name} ${stream}`)
  return records
}

const sum = (records: readonly Readonly<Record<string, unknown>>[], field: string) =>
  records.reduce((total, record) => total + ((record[field] as number | null) ?? 0), 0)

/** The connector's name of the stream, and of the platform in the world. */
const ADS = [
  ['meta', 'meta'],
  ['google-ads', 'google'],
  ['tiktok', 'tiktok'],
  ['snapchat', 'snapchat'],
] as const

t.test('every ad platform is read whole, to the last cent of what it claims', async t => {
  t.same(ADS.map(([, platform]) => platform).sort(), [...AD_PLATFORMS].sort())
  for (const [name, platform] of ADS) {
    const source = sources.find(one => one.id === name)!
    const stream = source.streams.find(one => one.kind === 'ad_report')!.name
    const records = await read(name, stream)
    const told = days.flatMap(day =>
      CAMPAIGNS.filter(campaign => campaign.platform === platform).flatMap(({ ads }) =>
        ads.map(ad => world.ads.adDay(platform, ad.id, day, NOW)!),
      ),
    )
    for (const [field, own] of [
      ['clicks', 'clicks'],
      ['spend_micros', 'spendMicros'],
      ['conversions_micros', 'conversionsMicros'],
      ['revenue_micros', 'revenueMicros'],
    ] as const)
      t.equal(
        sum(records, field),
        told.reduce((total, one) => total + one[own], 0),
        `${platform} ${field}`,
      )
    t.ok(sum(records, 'conversions_micros') > 0)
  }
})

t.test('the web analytics is read as far as the tag saw and handed in by now', async t => {
  const records = await read('ga4', 'events')
  const seen = days.flatMap(day => world.site.events(day, NOW))
  const purchases = seen.flatMap(event => event.purchase ?? [])
  const bought = records.filter(record => record.event_name === 'purchase')
  // Tables of the last days are still being written.
  for (const day of days.slice(0, -5))
    t.equal(
      records.filter(record => record.event_date === day).length,
      world.site.events(day, NOW).length,
      day,
    )
  t.same(
    bought.map(record => record.transaction_id).sort(),
    purchases.map(purchase => purchase.transactionId).sort(),
  )
  t.equal(
    sum(bought, 'value_micros'),
    purchases.reduce((total, purchase) => total + purchase.valueMicros, 0),
  )
  t.ok(purchases.length > new Set(purchases.map(purchase => purchase.transactionId)).size, 'some twice')
})

t.test('the CRM knows the contacts and deals there are up to now, and no later ones', async t => {
  const { people, deals } = world.crm(lastDay)
  const there = (all: readonly { readonly createdAt: number }[]) =>
    all.filter(one => one.createdAt <= NOW).length
  t.ok(there(deals) > 5 && there(people) < people.length)
  const distinct = (records: readonly Readonly<Record<string, unknown>>[], field: string) =>
    new Set(records.map(record => record[field])).size
  t.equal(distinct(await read('hubspot', 'contacts'), 'contact_id'), there(people))
  t.equal(distinct(await read('hubspot', 'deals'), 'deal_id'), there(deals))
})
