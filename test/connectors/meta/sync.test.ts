import t from 'tap'
import { dayIn } from '../../../plugins/sync/index.ts'
import { connected, DAY, NOW, type Row, small, sorted } from './support.ts'

const ZONE = 'America/New_York'
const today = dayIn(ZONE, NOW)
/** 40 days of history, today included. */
const HISTORY = { from: '2026-02-09', to: today }
const READ_AT = ['as_of', 'settled']

t.test('reports come to the ledger to the micro, in reports of several pages', async t => {
  const { records, simulator } = await connected(t)
  const got = await records('ad_reports')
  t.same(sorted(got, READ_AT), sorted(simulator.ledger.adReports(HISTORY)))
  t.ok(got.length > 400)
  t.equal(simulator.jobs.made, 2, '40 days are two reports, of 30 days and of 10')
})

t.test('days are settled once the 28 days after them are over', async t => {
  const { records } = await connected(t)
  const rows = await records('ad_reports')
  const dates = (isSettled: boolean) =>
    rows.flatMap(row => (row.settled === isSettled ? [String(row.date)] : [])).sort()
  t.equal(dates(true).at(-1), '2026-02-19')
  t.equal(dates(false)[0], '2026-02-20')
})

t.test('groups of people and countries come to the ledger, and each sums to what ads report', async t => {
  const { records, simulator } = await connected(t)
  const got = await records('ad_demographics')
  t.same(sorted(got, READ_AT), sorted(simulator.ledger.demographics(HISTORY)))
  const spent = (rows: readonly Row[]) => rows.reduce((sum, row) => sum + Number(row.spend_micros), 0)
  const whole = spent(simulator.ledger.adReports(HISTORY))
  t.equal(spent(got.filter(row => row.age !== null)), whole)
  t.equal(spent(got.filter(row => row.country !== null)), whole)
})

t.test('conversions are those of one action type, by the windows that are named', async t => {
  for (const attribution_windows of [['7d_click'], ['1d_view'], ['7d_click', '1d_view']]) {
    const { records, simulator } = await connected(t, { config: { attribution_windows } })
    const wanted = simulator.ledger.adReports(HISTORY, attribution_windows)
    t.same(sorted(await records('ad_reports'), READ_AT), sorted(wanted), attribution_windows.join())
  }
})

t.test('an action type that never comes while purchases do is told once', async t => {
  const { records, notices } = await connected(t, { config: { purchase_action: 'lead' } })
  const got = await records('ad_reports')
  t.ok(got.every(row => row.conversions_micros === 0 && row.revenue_micros === 0))
  t.equal(notices.length, 1)
  t.match(notices[0], /none as lead/)
})

t.test('campaigns, ad sets and ads come as they are, with budget and bid in micros', async t => {
  const { records, simulator } = await connected(t)
  const wanted = simulator.ledger.entities()
  const fields = [
    'level',
    'campaign_id',
    'adset_id',
    'ad_id',
    'name',
    'status',
    'budget_micros',
    'bid_micros',
  ]
  const only = (rows: readonly Row[]) =>
    sorted(rows.map(row => Object.fromEntries(fields.map(f => [f, row[f]]))))
  const got = [...(await records('campaigns')), ...(await records('adsets')), ...(await records('ads'))]
  t.same(only(got), only(wanted))
  t.ok(
    wanted.some(e => e.level === 'campaign' && e.budget_micros !== null),
    'some budgets are the campaign’s',
  )
  t.ok(
    wanted.some(e => e.level === 'adset' && e.budget_micros !== null),
    'some are the ad set’s',
  )
  const [account] = await records('accounts')
  t.match(account, { level: 'account', status: 'ACTIVE', currency: 'USD', zone: ZONE, budget_micros: null })
})

t.test('currencies whose offset is not that of ISO 4217 keep their amounts', async t => {
  for (const currency of ['JPY', 'HUF', 'TWD', 'KWD', 'BHD', 'EUR']) {
    const { records, simulator } = await connected(t, { world: small({ currency }) })
    const budgets = (rows: readonly Row[]) => rows.map(row => [row.budget_micros, row.bid_micros])
    const got = [...(await records('campaigns')), ...(await records('adsets'))]
    t.same(budgets(got), budgets(simulator.ledger.entities().filter(e => e.level !== 'ad')), currency)
    t.same(
      sorted(await records('ad_reports'), READ_AT),
      sorted(simulator.ledger.adReports(HISTORY)),
      currency,
    )
  }
})

t.test('archived and deleted objects are read, as removed', async t => {
  const { records, simulator } = await connected(t)
  const [campaign, other] = [...simulator.store.level(simulator.store.accounts[0]!, 'campaign')]
  simulator.store.changes.set(campaign!.id, 'status', 'ACTIVE', 'ARCHIVED', '1')
  simulator.store.changes.set(other!.id, 'status', 'ACTIVE', 'DELETED', '1')
  const got = await records('campaigns')
  t.equal(got.length, 3)
  t.equal(got.filter(row => row.status === 'REMOVED').length, 2)
  t.same(sorted(await records('ad_reports'), READ_AT), sorted(simulator.ledger.adReports(HISTORY)))
})

t.test('the change history comes whole, without names of persons', async t => {
  const { records, simulator } = await connected(t, { config: { history_days: 300 } })
  const [adset] = [...simulator.store.level(simulator.store.accounts[0]!, 'adset')]
  simulator.store.changes.set(adset!.id, 'status', 'ACTIVE', 'PAUSED', '77')
  const got = await records('changes')
  t.same(sorted(got, ['change_id']), sorted(simulator.ledger.changes()))
  t.equal(new Set(got.map(row => row.change_id)).size, got.length)
  t.notMatch(JSON.stringify(got), /Person/)
})

t.test('a run reads the changes since the last one, and the same ids again', async t => {
  const { batches, simulator, clock } = await connected(t, { config: { history_days: 300 } })
  const first = await batches('changes')
  clock.now += 3 * DAY
  const [campaign] = [...simulator.store.level(simulator.store.accounts[0]!, 'campaign')]
  simulator.store.changes.set(campaign!.id, 'status', 'ACTIVE', 'PAUSED', '77')
  const second = (await batches('changes', first.at(-1)!.state)).flatMap(batch => batch.records)
  t.match(second, [
    { field: 'update_campaign_run_status', old_value: 'ACTIVE', new_value: 'PAUSED', entity: 'campaign' },
  ])
})

t.test('match quality has the score and the counted shares', async t => {
  const { records, simulator } = await connected(t)
  const end = Math.floor(NOW / 3_600_000_000)
  const wanted = simulator.ledger.matchQuality(end - 168, end)
  const got = (await records('match_quality')).map(
    ({ account_id, pixel_id, event_name, score, events, coverage }) => ({
      ...{ account_id, pixel_id, event_name, score, events, coverage },
    }),
  )
  t.same(sorted(got), sorted(wanted))
})

t.test('where Meta has no dataset_quality, the statistics come without a score', async t => {
  const { records, notices } = await connected(t, { hasDatasetQuality: false })
  const got = await records('match_quality')
  t.equal(got.length, 4)
  t.ok(got.every(row => row.score === null && row.scale === null && Number(row.events) > 0))
  t.match(notices, [/no match quality score/])
})

t.test('two accounts in different zones keep their own days', async t => {
  const zones = ['Pacific/Auckland', 'America/Los_Angeles']
  const worlds = zones.map((zone, i) => small({ zone, seed: 20 + i }))
  const world = {
    ...worlds[0]!,
    accounts: () => worlds.flatMap((w, i) => w.accounts('meta').map(a => renamed(a, String(i)))),
    adDay: (_: 'meta', id: string, day: string, asOf: number) =>
      worlds[Number(id[0])]!.adDay('meta', id.slice(1), day, asOf),
  }
  const { records, simulator } = await connected(t, { world: world as never, config: { history_days: 5 } })
  const got = await records('ad_reports')
  const wanted = zones.flatMap((zone, i) => {
    const to = dayIn(zone, NOW)
    const id = simulator.store.accounts[i]!.id
    const from = new Date(Date.parse(to) - 4 * 86_400_000).toISOString().slice(0, 10)
    return simulator.ledger.adReports({ from, to }).filter(row => row.account_id === id)
  })
  t.same(sorted(got, READ_AT), sorted(wanted))
})

/** Ids of two worlds made different. */
function renamed<T>(value: T, prefix: string): T {
  return JSON.parse(JSON.stringify(value), (name, inner) =>
    name === 'id' ? `${prefix}${inner}` : inner,
  ) as T
}
