import t from 'tap'
import ga4 from '../../../connectors/ga4/index.ts'
import { type GA4Options, GA4Simulator } from '../../../connectors/ga4/simulator/index.ts'
import { validate } from '../../../engine/config/index.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import { type Limiter, unlimited } from '../../../engine/source/limits/limiter.ts'
import type { RejectedRow, SourceConfig } from '../../../engine/source/port.ts'
import type { WebReportRecord } from '../../../plugins/records/web-report.ts'
import { plainSite } from '../../../plugins/simulator/world/plain-site.ts'
import type { SiteWorld } from '../../../plugins/simulator/world/site.ts'
import { truth } from '../../../plugins/simulator/world/truth/index.ts'

/** 2026-04-15T09:30:00Z. UTC microseconds. */
const NOW = Date.parse('2026-04-15T09:30:00Z') * 1000
const DAY = 86_400_000_000
const FIRST = '2026-04-05'
const world = plainSite({ seed: 7, firstDay: FIRST })

type Told = { teardown(work: () => unknown): void }

async function house(t: Told, options: Partial<GA4Options> = {}, limiter: Limiter = unlimited) {
  const clock = { at: NOW }
  const simulator = await GA4Simulator.start({ world, now: () => clock.at, pageRows: 5, ...options })
  t.teardown(() => simulator.close())
  const notices: string[] = []
  const context = (more: Record<string, string> = {}) =>
    sourceContext({
      config: validate(ga4.spec, { ...simulator.reportConfig(), ...more }, 'ga4') as SourceConfig,
      clock: () => clock.at,
      limiter,
      notice: line => notices.push(line),
      pace: { backOffMs: 1 },
    })
  const read = async (state: unknown = null) => {
    const records: WebReportRecord[] = []
    const rejected: RejectedRow[] = []
    let last = state
    for await (const batch of ga4.read('web_reports', { ...context(), state })) {
      records.push(...(batch.records as unknown as WebReportRecord[]))
      rejected.push(...(batch.rejected ?? []))
      last = batch.state
    }
    return { records, rejected, state: last }
  }
  return { simulator, clock, notices, context, read }
}

const keyOf = (r: WebReportRecord) =>
  [r.date, r.traffic_source, r.traffic_medium, r.campaign, r.channel].join('|')

/** Records as the ledger counts them. */
function byDay(records: readonly WebReportRecord[]) {
  const dates = [...new Set(records.map(r => r.date))].sort()
  const sum = (of: readonly WebReportRecord[], value: (r: WebReportRecord) => number | null) =>
    of.reduce((total, r) => total + value(r)!, 0)
  return dates.map(date => {
    const ofDay = records.filter(r => r.date === date)
    return {
      date,
      sessions: sum(ofDay, r => r.sessions),
      purchases: sum(ofDay, r => r.purchases),
      revenue_micros: sum(ofDay, r => r.revenue_micros),
    }
  })
}

t.test('what is reported is what the site saw, by day and source, over several pages', async t => {
  const { simulator, context, read, notices } = await house(t)
  await ga4.check(context())
  t.same(
    (await ga4.discover(context())).map(s => s.name),
    ['web_reports'],
  )
  const { records, rejected } = await read()
  t.same(byDay(records), simulator.ledger.reported(FIRST))
  t.same(rejected, [])
  t.same(notices, [])
  t.equal(new Set(records.map(keyOf)).size, records.length)
  const paid = records.find(r => r.traffic_source === 'google')!
  t.match(paid, {
    traffic_medium: 'cpc',
    campaign: 'brand',
    channel: 'Paid Search',
    currency: 'EUR',
    quality: [],
  })
  t.ok(records.some(r => r.traffic_source === '(direct)' && r.traffic_medium === '(none)'))
  t.equal(records.find(r => r.date === '2026-04-12')!.settled, true)
  t.equal(records.find(r => r.date === '2026-04-13')!.settled, false)
})

t.test(
  'of the hidden truth, in another currency and zone: transactions that were fired twice count once',
  async t => {
    const site: SiteWorld = truth({ seed: 7, firstDay: '2026-04-08' }).site
    const { simulator, read } = await house(t, { world: site, pageRows: 5000 })
    const { records } = await read()
    const reported = simulator.ledger.reported('2026-04-08')
    t.same(byDay(records), reported)
    const exported = simulator.ledger.days().reduce((sum, day) => sum + day.purchases, 0)
    t.ok(reported.reduce((sum, day) => sum + day.purchases, 0) < exported, 'the export has them twice')
  },
)

t.test('a second run reads the days again that GA4 may have changed, and today', async t => {
  const { simulator, clock, read } = await house(t)
  const first = await read()
  clock.at += DAY
  const second = await read(first.state)
  t.same([...new Set(second.records.map(r => r.date))].sort(), [
    '2026-04-13',
    '2026-04-14',
    '2026-04-15',
    '2026-04-16',
  ])
  const inForce = new Map([...first.records, ...second.records].map(r => [keyOf(r), r]))
  t.same(byDay([...inForce.values()]), simulator.ledger.reported(FIRST))
})

t.test('all pages of a report are of one instant, also when it was cut off between them', async t => {
  const { clock, context, read } = await house(t)
  const whole = await read()
  let state: unknown = null
  const parts: WebReportRecord[] = []
  for await (const batch of ga4.read('web_reports', { ...context(), state: null })) {
    parts.push(...(batch.records as unknown as WebReportRecord[]))
    state = batch.state
    break
  }
  clock.at += 1_000_000
  const rest = await read(state)
  t.same([...parts, ...rest.records].map(keyOf).sort(), whole.records.map(keyOf).sort())
  const instants = new Map<string, Set<number>>()
  for (const r of [...parts, ...rest.records])
    instants.set(r.date, (instants.get(r.date) ?? new Set()).add(r.as_of))
  t.ok([...instants.values()].every(of => of.size === 1))
})

t.test('a report that grew between two pages is read again from its start', async t => {
  const late = { at: false }
  const growing: SiteWorld = {
    ...world,
    events: (day, asOf) =>
      late.at || day !== '2026-04-09' ? world.events(day, asOf) : world.events(day, asOf).slice(0, 4),
  }
  const { simulator, clock, context } = await house(t, { world: growing })
  const inForce = new Map<string, WebReportRecord>()
  for await (const batch of ga4.read('web_reports', { ...context(), state: null })) {
    for (const record of batch.records as unknown as WebReportRecord[]) inForce.set(keyOf(record), record)
    late.at = true
    clock.at += 1_000_000
  }
  t.same(byDay([...inForce.values()]), simulator.ledger.reported(FIRST))
})

t.test('what is not the whole says so', async t => {
  const { simulator, read, notices } = await house(t, { pageRows: 5000 })
  const { faults } = simulator.platform
  faults.thresholded = true
  faults.sampled = true
  faults.rowsADay = 2
  const { records } = await read()
  t.ok(records.every(r => r.quality.join() === 'thresholded,sampled,other_row'))
  t.match(
    records.find(r => r.traffic_source === '(other)'),
    { traffic_medium: '(other)', channel: '(other)' },
  )
  t.same(byDay(records), simulator.ledger.reported(FIRST), 'the rest is in (other)')
  for (const why of [/thresholding/, /sample/, /\(other\)/])
    t.ok(notices.some(line => /2026-04-1\d is not the whole/.test(line) && why.test(line)))
})

t.test(
  'a figure that the user has no right to see is unknown, and not the 0 that Google answers',
  async t => {
    const { simulator, read } = await house(t)
    simulator.platform.faults.restricted = true
    const { records } = await read()
    t.ok(records.length > 0)
    t.ok(records.every(r => r.revenue_micros === null && r.sessions! > 0 && r.quality[0] === 'restricted'))
  },
)

t.test('names that hold addresses are cut, and stay two rows', async t => {
  const mailed: SiteWorld = {
    ...world,
    events: (day, asOf) =>
      world.events(day, asOf).map((e, i) => ({
        ...e,
        source: 'letter',
        medium: 'email',
        campaign: `to ${i % 2 ? 'ann' : 'bob'}@example.com`,
        sessionId: e.sessionId * 2 + (i % 2),
      })),
  }
  const { read } = await house(t, { world: mailed, pageRows: 5000 })
  const { records } = await read()
  t.notMatch(JSON.stringify(records), /example\.com/)
  t.ok(records.every(r => /^to \(redacted\) [0-9a-f]{8}$/.test(r.campaign)))
  t.equal(new Set(records.map(r => r.campaign)).size, 2)
  t.equal(new Set(records.map(keyOf)).size, records.length)
})

t.test(
  'what the answer says of the quota is told to the limiter, and a spent quota is waited for',
  async t => {
    const told: unknown[] = []
    const limiter: Limiter = {
      async take(key, limits, cost, signal) {
        signal.throwIfAborted()
        t.equal(key, 'ga4/property 123456789')
        t.match(limits, [{ calls: 14_000, perMs: 3_600_000 }, { calls: 200_000 }])
        t.ok(cost > 0)
        return { done: said => told.push(said) }
      },
    }
    const { simulator, read } = await house(t, { tokens: { perHour: 80, perDay: 1000 } }, limiter)
    await t.rejects(read(), {
      kind: 'retryable',
      message: /the quota of the property is used up: Exhausted property tokens per hour/,
      retryAfterMs: 900_000,
    })
    t.ok(simulator.platform.propertyTokens!.limits.refused > 0)
    // The smaller of the property's and the project's: 80 less 11 is 69, and a project has 35 % of an hour.
    t.match(told[0], {
      left: [
        { calls: 17, perMs: 3_600_000 },
        { calls: 989, perMs: 86_400_000 },
      ],
    })
  },
)

t.test('outages are waited for, a few times', async t => {
  const { simulator, read } = await house(t)
  simulator.platform.faults.ordered.push(503, 500)
  t.same(byDay((await read()).records), simulator.ledger.reported(FIRST))
  simulator.platform.faults.ordered.push(503, 503, 503)
  // Ten server errors an hour lock a property.
  await t.rejects(read(), { kind: 'retryable', message: /outage/ })
})

t.test('errors and settings say what is wrong', async t => {
  const { simulator, context } = await house(t)
  const only = (config: Record<string, string>) =>
    ga4.check(sourceContext({ config: validate(ga4.spec, config, 'ga4') as SourceConfig }))
  const fails = (config: Record<string, string>, message: RegExp) =>
    t.rejects(only(config), { kind: 'config', message })
  await fails(
    { ...simulator.reportConfig(), property_id: '1' },
    /^\/report_property_id: .* property_id: .*not two of them/,
  )
  await fails({ path: 'x', report_property_id: '1' }, /^\/path: is given together with report_property_id/)
  await fails({ report_property_id: '1', client_id: 'a' }, /^\/client_secret: .*client_secret, refresh_token/)
  await fails({ ...simulator.reportConfig(), data_api_url: 'ftp://x' }, /^\/data_api_url: 'ftp:\/\/x'/)
  const events = ga4.read('events', { ...context(), state: null })[Symbol.asyncIterator]()
  await t.rejects(events.next(), { kind: 'config', message: /events are read from files or BigQuery/ })
  await t.rejects(ga4.check(context({ report_property_id: '99' })), {
    lack: 'permission',
    message: /property 99 .*sufficient permissions/,
  })
  await t.rejects(ga4.check(context({ client_secret: 'wrong' })), {
    kind: 'config',
    message: /the app is refused/,
  })
})
