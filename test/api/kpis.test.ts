import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildServer } from '../../api/server.ts'
import csv from '../../connectors/csv/index.ts'
import { fixedClock } from '../../engine/clock/clock.ts'
import { validate } from '../../engine/config/index.ts'
import { createMetrics } from '../../engine/telemetry/metrics.ts'
import { app as make } from '../../stratum.ts'
import { runThrough, standard } from '../support/engine.ts'
import { temporaryFolder } from '../support/folder.ts'

const FILE = `platform,date,account_id,campaign_id,ad_id,impressions,clicks,spend,revenue,currency,conversions,as_of
meta,2026-01-01,a,c1,1,1000,10,5.00,20.00,USD,2,2026-01-12T00:00:00Z
meta,2026-01-02,a,c1,1,3000,10,10.00,,USD,1,2026-01-12T00:00:00Z
google,2026-01-02,b,c9,7,500,0,2.50,0,USD,0,2026-01-12T00:00:00Z
meta,2025-12-31,a,c1,1,1000,5,10.00,10.00,USD,1,2026-01-12T00:00:00Z
tiktok,2026-01-10,d,c5,3,10,1,4,8,EUR,1,2026-01-12T00:00:00Z
`

t.test('KPIs over HTTP', async t => {
  const dir = temporaryFolder(t)
  const path = join(dir, 'spend.csv')
  writeFileSync(path, FILE)
  const config = validate(csv.spec, { path, mapping: 'generic' }, 'test') as Record<string, unknown>
  await runThrough(join(dir, 'data'), make(standard), { source: csv, config }, async (stores, report) => {
    t.same(report, { read: 5, deadLettered: 0 })
    let broken = false
    const server = buildServer({
      warehouse: await stores.warehouse(),
      database: 'stratum',
      tenant: 'demo',
      clock: fixedClock('2026-01-13T00:00:00Z'),
      metrics: createMetrics(),
      dependencies: [
        {
          name: 'log',
          ok: async () => {
            if (broken) throw new Error('it burns')
          },
        },
      ],
      receive: async () => 0,
      measure: async () => {},
    })
    const get = async (url: string) => {
      const answer = await server.inject(url)
      return {
        status: answer.statusCode,
        body: String(answer.headers['content-type']).includes('json') ? answer.json() : answer.body,
      }
    }

    await t.test('sums first, money in minor units, beside the period before', async t => {
      const { status, body } = await get('/v1/analytics/kpis?from=2026-01-01&to=2026-01-02')
      t.equal(status, 200)
      const { kpis, currency, previous_period } = body.data
      t.equal(currency, 'USD')
      t.same(previous_period, { from: '2025-12-30', to: '2025-12-31' })
      t.match(kpis.spend_cents, { value: 1750, previous: 1000, change_pct: 75 })
      t.match(kpis.platform_revenue_cents, { value: 2000, previous: 1000 })
      t.match(kpis.cpc_cents, { value: 87.5, previous: 200 })
      t.match(kpis.cpa_cents, { value: 583.3333 })
      t.match(kpis.ctr, { value: 0.004444 })
      t.match(kpis.revenue_cents, { value: null, previous: null, change_pct: null })
      t.match(kpis.roas, { value: null })
      t.match(body.meta, {
        as_of: '2026-01-12T00:00:00.000Z',
        freshness_hours: 24,
        warnings: ['PARTIAL_PLATFORM_REVENUE'],
      })
    })

    await t.test('one platform; a denominator of 0 is null', async t => {
      const { body } = await get('/api/v1/analytics/kpis?from=2026-01-01&to=2026-01-02&platform=google')
      t.match(body.data.kpis, {
        spend_cents: { value: 250 },
        cpc_cents: { value: null },
        platform_roas: { value: 0 },
      })
      t.match(body.meta.warnings, ['SITE_FIGURES_HAVE_NO_PLATFORM'])
    })

    await t.test('several currencies give no amount, unless one is asked for', async t => {
      const all = await get('/v1/analytics/kpis?from=2026-01-01&to=2026-01-31')
      t.match(all.body.data.kpis, { spend_cents: { value: null }, clicks: { value: 21 } })
      t.match(all.body.meta.warnings, ['SEVERAL_CURRENCIES'])
      const euro = await get('/v1/analytics/kpis?from=2026-01-01&to=2026-01-31&currency=EUR')
      t.match(euro.body.data, {
        currency: 'EUR',
        kpis: { spend_cents: { value: 400 }, platform_roas: { value: 2 } },
      })
    })

    await t.test('without a period: the last 30 days that have data', async t => {
      const { body } = await get('/v1/analytics/kpis')
      t.same(body.data.period, { from: '2025-12-12', to: '2026-01-10', days: 30 })
    })

    for (const [query, said] of [
      ['form=2026-01-01', 'form: there is no such parameter'],
      ['from=2026-02-30', 'from: must be a day'],
      ['from=2026-01-02&to=2026-01-01', 'from: 2026-01-02 is after to (2026-01-01)'],
      ['from=2020-01-01&to=2026-01-01', 'from: a period has at most 731 days'],
      ['platform=bing', 'platform: must be one of meta, google, tiktok, snapchat'],
      ['currency=usd', 'currency: must match pattern'],
      ["from=2026-01-01'--", 'from: must be a day'],
    ] as const)
      await t.test(`?${query} is refused`, async t => {
        const { status, body } = await get(`/v1/analytics/kpis?${query}`)
        t.equal(status, 400)
        t.match(body.error, { code: 'VALIDATION_ERROR', request_id: String })
        t.ok(body.error.message.startsWith(said), body.error.message)
      })

    await t.test('fifty at once are all answered alike', async t => {
      const url = '/v1/analytics/kpis?from=2026-01-01&to=2026-01-02'
      const answers = await Promise.all(Array.from({ length: 50 }, () => get(url)))
      for (const { status, body } of answers)
        t.match({ status, body }, { status: 200, body: { data: { kpis: { clicks: { value: 20 } } } } })
    })

    await t.test('ready says which part is away', async t => {
      t.equal((await get('/v1/health/live')).status, 200)
      t.equal((await get('/v1/health/ready')).status, 200)
      broken = true
      const { status, body } = await get('/v1/health/ready')
      t.equal(status, 503)
      t.match(body.data, { status: 'not_ready', checks: [{ name: 'log', ok: false, reason: 'it burns' }] })
    })

    await t.test('the address that the ready line names answers with the routes there are', async t => {
      t.match(await get('/'), {
        status: 200,
        body: {
          data: {
            routes: ['/metrics', '/v1/analytics/kpis', '/v1/health/live', '/v1/health/ready'],
          },
        },
      })
    })

    await t.test('an unknown route answers in the same envelope', async t => {
      t.match(await get('/%ZZ'), {
        status: 400,
        body: { error: { code: 'VALIDATION_ERROR', request_id: String } },
      })
      t.match(await get('/v2/x'), { status: 404, body: { error: { code: 'NOT_FOUND' } } })
    })

    await t.test('metrics count requests by route', async t => {
      t.match(
        (await get('/metrics')).body,
        /http_request_duration_seconds_count\{.*route="\/v1\/analytics\/kpis"/,
      )
    })
    await server.close()
  })
})
