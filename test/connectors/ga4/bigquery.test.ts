import t from 'tap'
import ga4 from '../../../connectors/ga4/index.ts'
import { rowOf } from '../../../connectors/ga4/simulator/event-row.ts'
import { type GA4Options, GA4Simulator } from '../../../connectors/ga4/simulator/index.ts'
import type { Ga4State } from '../../../connectors/ga4/state.ts'
import { validate } from '../../../engine/config/index.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import { unlimited } from '../../../engine/source/limits/limiter.ts'
import type { SourceConfig } from '../../../engine/source/port.ts'
import type { EventRecord } from '../../../plugins/records/event.ts'
import { plainSite } from '../../../plugins/simulator/world/plain-site.ts'

/** 2026-04-15T09:30:00Z. UTC microseconds. */
const NOW = Date.parse('2026-04-15T09:30:00Z') * 1000
const DAY = 86_400_000_000
const world = plainSite({ seed: 7, firstDay: '2026-04-05' })

async function house(t: { teardown(work: () => unknown): void }, options: Partial<GA4Options> = {}) {
  const clock = { at: NOW }
  const simulator = await GA4Simulator.start({ world, now: () => clock.at, pageRows: 25, ...options })
  t.teardown(() => simulator.close())
  const context = (more: Record<string, string> = {}) =>
    sourceContext({
      config: validate(ga4.spec, { ...simulator.config(), ...more }, 'ga4') as SourceConfig,
      clock: () => clock.at,
      limiter: unlimited,
      pace: { backOffMs: 1 },
    })
  const read = async (state: unknown = null) => {
    const events: EventRecord[] = []
    let last = state
    for await (const batch of ga4.read('events', { ...context(), state })) {
      events.push(...(batch.records as unknown as EventRecord[]))
      last = batch.state
    }
    return { events, state: last as Ga4State }
  }
  return { simulator, clock, context, read, check: (more = {}) => ga4.check(context(more)) }
}

/** Events as the ledger counts them. */
function byDay(events: readonly EventRecord[]) {
  const dates = [...new Set(events.map(e => e.event_date))].sort()
  return dates.map(date => {
    const ofDay = events.filter(e => e.event_date === date)
    const bought = ofDay.filter(e => e.event_name === 'purchase')
    return {
      date,
      events: new Set(ofDay.map(e => e.event_key)).size,
      purchases: bought.length,
      revenue_micros: bought.reduce((sum, e) => sum + e.value_micros!, 0),
      currency: 'EUR',
    }
  })
}

t.test('what is read is what the site saw', async t => {
  const { simulator, read, check } = await house(t)
  await check()
  const { events } = await read()
  t.ok(events.length > 800)
  t.same(byDay(events), simulator.ledger.days())
  const purchase = events.find(e => e.event_name === 'purchase')!
  t.equal(purchase.currency, 'EUR')
  t.match(purchase.transaction_id, /^t-2026-04-/)
  t.ok(events.some(e => e.source === 'google' && e.campaign === 'brand' && e.params.gclid))
})

t.test('the same tables as files give the same events, under the same keys', async t => {
  const { read } = await house(t)
  const day = '2026-04-10'
  const rows = world.events(day, NOW).map(event => JSON.stringify(rowOf(world, day, event)))
  const path = t.testdir({ 'events_20260410.json': rows.join('\n') })
  const fromFiles: EventRecord[] = []
  for await (const { records } of ga4.read('events', { ...sourceContext({ config: { path } }), state: null }))
    fromFiles.push(...(records as unknown as EventRecord[]))
  t.ok(fromFiles.length > 50)
  t.same(
    fromFiles,
    (await read()).events.filter(e => e.event_date === day),
  )
})

t.test('a second run reads what was written since: the rewritten days, and today', async t => {
  const { simulator, clock, read } = await house(t)
  const first = await read()
  t.same((await read(first.state)).events, [], 'nothing was written meanwhile')
  clock.at += DAY
  const second = await read(first.state)
  const dates = [...new Set(second.events.map(e => e.event_date))].sort()
  t.same(dates, ['2026-04-13', '2026-04-14', '2026-04-15', '2026-04-16'])
  const all = new Map([...first.events, ...second.events].map(e => [e.event_key, e]))
  t.same(byDay([...all.values()]), simulator.ledger.days(), 'late events came, none is there twice')
  t.ok(second.state.files.events_20260415?.done)
  t.notOk(second.state.files.events_intraday_20260415, 'the daily table has replaced it')
})

t.test('days that were rewritten while nothing ran are read again, however long that was', async t => {
  const { simulator, clock, read } = await house(t)
  const first = await read()
  clock.at += 10 * DAY
  const second = await read(first.state)
  const all = new Map([...first.events, ...second.events].map(e => [e.event_key, e]))
  t.same(byDay([...all.values()]), simulator.ledger.days())
  t.notOk(
    second.events.some(e => e.event_date! < '2026-04-13'),
    'what was final is not',
  )
})

t.test('a table that is another than the one that was read is read in full', async t => {
  const { simulator, read } = await house(t)
  const { state } = await read()
  const files = { ...state.files }
  files.events_20260414 = { fingerprint: 'of before', rows: 50, done: true }
  const again = await read({ ...state, files })
  const expected = simulator.ledger.days().find(({ date }) => date === '2026-04-14')
  t.same(byDay(again.events), [expected])
})

t.test('the state does not grow with the days that are done', async t => {
  const { simulator, clock, read } = await house(t)
  const first = await read()
  t.same(first.state.settled, [['20260405', '20260411']])
  t.same(Object.keys(first.state.files).sort(), [
    'events_20260412',
    'events_20260413',
    'events_20260414',
    'events_intraday_20260415',
  ])
  clock.at += 10 * DAY
  const second = await read(first.state)
  t.same(second.state.settled, [['20260405', '20260421']])
  t.equal(Object.keys(second.state.files).length, 4)
  t.same((await read(second.state)).events, [], 'and none of them is read again')
  const all = new Map([...first.events, ...second.events].map(e => [e.event_key, e]))
  t.same(byDay([...all.values()]), simulator.ledger.days())
})

t.test(
  'a state from before days were put together is understood, and a day that was missing is read',
  async t => {
    const { read } = await house(t)
    const { state, events } = await read()
    const done = (day: number) => [
      `events_202604${String(day).padStart(2, '0')}`,
      { fingerprint: 'of then', rows: 1, done: true },
    ]
    const old = Object.fromEntries([5, 6, 7, 9, 10, 11].map(done))
    const again = await read({ version: 1, files: { ...state.files, ...old } })
    t.same([...new Set(again.events.map(e => e.event_date))], ['2026-04-08'])
    t.same(again.state.settled, [['20260405', '20260411']])
    t.equal(again.events.length, events.filter(e => e.event_date === '2026-04-08').length)
  },
)

t.test('the pages of a table follow their tokens', async t => {
  const { simulator } = await house(t)
  const config = simulator.config()
  const form = new URLSearchParams({ ...config, grant_type: 'refresh_token' } as Record<string, string>)
  const given = await fetch(String(config.token_url), { method: 'POST', body: form })
  const { access_token } = (await given.json()) as { access_token: string }
  const data = `${config.bigquery_url}/projects/${config.project_id}/datasets/analytics_${config.property_id}/tables/events_20260410/data`
  let rows = 0
  let token: string | undefined
  let total = Number.NaN
  do {
    const page = await fetch(`${data}?maxResults=40${token ? `&pageToken=${token}` : ''}`, {
      headers: { authorization: `Bearer ${access_token}` },
    })
    const body = (await page.json()) as { rows: unknown[]; totalRows: string; pageToken?: string }
    rows += body.rows.length
    token = body.pageToken
    total = Number(body.totalRows)
  } while (token !== undefined)
  t.ok(total > 50)
  t.equal(rows, total)
})

t.test('a daily table that is rewritten while it is read is an error that passes', async t => {
  const { clock, context } = await house(t)
  const reading = async () => {
    for await (const { state } of ga4.read('events', { ...context(), state: null }))
      if ((state as Ga4State).files.events_20260414?.done === false) clock.at = NOW + DAY
  }
  await t.rejects(reading(), {
    kind: 'retryable',
    message: 'events_20260414 was rewritten while it was read',
  })
})

t.test('outages and limits are waited for', async t => {
  const { simulator, read } = await house(t)
  simulator.platform.faults.ordered.push(503, 500)
  t.same(byDay((await read()).events), simulator.ledger.days())
})

t.test('check says what is missing', async t => {
  const { simulator, check } = await house(t)
  const only = (config: Record<string, string>) =>
    ga4.check(sourceContext({ config: validate(ga4.spec, config, 'ga4') as SourceConfig }))
  const fails = (config: Record<string, string>, message: RegExp) =>
    t.rejects(only(config), { kind: 'config', message })
  await fails({}, /^\/path: nothing to read from is given: path .* or project_id, property_id/)
  await fails(
    { project_id: 'p', property_id: '1' },
    /^\/client_id: .*client_id, client_secret, refresh_token/,
  )
  await fails(
    { path: 'x', project_id: 'p' },
    /^\/path: .*project_id: files, BigQuery or the Data API, not two of them/,
  )
  await t.rejects(check({ property_id: '99' }), { kind: 'config', message: /no dataset analytics_99/ })
  simulator.platform.faults.forbidden = true
  await t.rejects(check(), { lack: 'permission', message: /refuses access to project/ })
})
