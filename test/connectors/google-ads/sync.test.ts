import t from 'tap'
import { ledgerOf } from '../../../connectors/google-ads/simulator/ledger.ts'
import type { AdDemographicRecord } from '../../../plugins/records/ad-demographic.ts'
import type { AdWorld } from '../../../plugins/simulator/world/port.ts'
import { asLedger, DAY, house, NOW, reportsIn, sorted, world } from './support.ts'

const isPerformanceMax = (_: unknown, index: number) => index === 2

t.test('ninety days over the change of clocks are the ledger, to the micro', async t => {
  const all = world()
  const { read, platform } = await house(t, { world: all, pageRows: 70, isPerformanceMax })
  const found = await read('ad_reports')
  t.same(found.rejected, [])
  const wanted = ledgerOf({ world: all, isPerformanceMax }, '2026-01-16', '2026-04-15', NOW)
  t.same(asLedger(reportsIn(found)), sorted(wanted))
  t.ok(found.records.length > 800)
  t.ok(
    reportsIn(found).some(r => r.ad_id === null && r.spend_micros! > 0),
    'a campaign without ads is not left out',
  )
  const first = platform.requests.filter(r => r.includes('FROM ad_group_ad'))
  t.match(first[0], /BETWEEN '2026-01-16' AND '2026-02-14'/)
})

t.test(
  'days that have passed are read again until their conversions are in, and are settled then',
  async t => {
    const clock = { at: NOW - 9 * DAY }
    const all = world({ restatedDays: 14 })
    const { read } = await house(t, { world: all, now: () => clock.at })
    const over = { conversion_window_days: 14, history_days: 40 }
    const latest = new Map<string, unknown>()
    const keep = (records: readonly Record<string, unknown>[]) => {
      for (const r of records) latest.set(`${r.ad_id} ${r.date}`, r)
    }
    let state: unknown = null
    for (let day = 0; day <= 9; day += 3) {
      const found = await read('ad_reports', state, over)
      keep(found.records)
      state = found.states.at(-1)
      if (day < 9) clock.at += 3 * DAY
    }
    const kept = [...latest.values()] as ReturnType<typeof reportsIn>
    const wanted = ledgerOf({ world: all }, '2026-02-26', '2026-04-15', clock.at)
    const read40 = wanted.filter(row => row.date >= '2026-02-26')
    t.same(
      asLedger(kept).filter(row => !row.includes('"2026-02-2')),
      sorted(read40).filter(row => !row.includes('"2026-02-2')),
    )
    for (const report of kept) t.equal(report.settled, report.date < '2026-04-01', `${report.date}`)
  },
)

t.test('ages, genders and countries are summed over ad groups, pages and places, to the micro', async t => {
  const all = world()
  const { read } = await house(t, { world: all, pageRows: 13 })
  const found = await read('ad_demographics', null, { history_days: 20 })
  t.same(found.rejected, [])
  const records = found.records as unknown as AdDemographicRecord[]
  for (const by of ['age', 'gender', 'country'] as const) {
    const told = records.filter(r => r[by] !== null)
    t.same(
      sorted(told.map(r => figuresOf(r, r[by]!))),
      sorted(groupsOf(all, by, '2026-03-27', '2026-04-15')),
      by,
    )
  }
  t.ok(records.some(r => r.age === '25-34' && r.gender === null && r.country === null))
  t.same([...new Set(records.map(r => r.country))].sort(), ['CA', 'US', null].sort())
})

t.test('a campaign and day that a page ends in goes on from the state in the middle of it', async t => {
  const { read } = await house(t, { world: world({ campaigns: 2 }), pageRows: 7 })
  const over = { history_days: 3 }
  const whole = await read('ad_demographics', null, over)
  t.ok(whole.states.length > 10)
  // Behind the last state history is read again, on purpose.
  for (const [index, state] of whole.states.slice(0, -1).entries()) {
    const rest = await read('ad_demographics', state, over)
    const from = whole.records.length - rest.records.length
    t.same(rest.records, whole.records.slice(from), `state ${index + 1}`)
  }
})

t.test('a page’s token that has died in between is asked for anew', async t => {
  const { read, clock } = await house(t, { pageRows: 50 })
  const whole = await read('ad_reports', null, { history_days: 10 })
  clock.at += 3 * 3_600_000_000
  const rest = await read('ad_reports', whole.states[0], { history_days: 10 })
  const keys = (records: readonly Record<string, unknown>[]) =>
    new Set(records.map(r => `${r.campaign_id} ${r.ad_id} ${r.date}`))
  t.same(keys(rest.records), keys(whole.records))
})

interface Told {
  readonly campaign: string
  readonly date: string
  readonly of: string
  readonly figures: readonly (number | null)[]
}

const figuresOf = (r: AdDemographicRecord, of: string): Told => ({
  campaign: r.campaign_id,
  date: r.date,
  of,
  figures: [r.impressions, r.clicks, r.spend_micros, r.revenue_micros, r.conversions_micros],
})

/** The world's own account of it. Days and groups of which all is 0 are not told. */
function groupsOf(all: AdWorld, by: 'age' | 'gender' | 'country', from: string, to: string): Told[] {
  const told: Told[] = []
  for (const campaign of all.accounts('google')[0]!.campaigns)
    for (let ms = Date.parse(from); ms <= Date.parse(to); ms += 86_400_000) {
      const date = new Date(ms).toISOString().slice(0, 10)
      const sums = new Map<string, number[]>()
      for (const g of all.demographics('google', campaign.id, date, NOW)) {
        const sum = sums.get(g[by]) ?? [0, 0, 0, 0, 0]
        const own = [g.impressions, g.clicks, g.spendMicros, g.revenueMicros, g.conversionsMicros]
        sums.set(
          g[by],
          own.map((value, i) => value + sum[i]!),
        )
      }
      for (const [of, figures] of sums)
        if (figures.some(value => value !== 0)) told.push({ campaign: campaign.id, date, of, figures })
    }
  return told
}
