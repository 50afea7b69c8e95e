import t from 'tap'
import { house, midnight, NOW, world, ZONE } from './support.ts'

const CAMPAIGN = '781000000'
const ADSET = '7810000002000'
const FIELDS = 'impressions,swipes,spend,conversion_purchases,conversion_purchases_value'
// biome-ignore lint/suspicious/noExplicitAny: answers are the platform's
type Body = Readonly<Record<string, any>>

/** A client of nobody: what the API answers to plain requests. */
async function api(t: Tap, options: Parameters<typeof house>[1] = {}) {
  const all = await house(t, options)
  const { access } = all.platform.tokens.issue()
  const ask = async (path: string, init: { method?: string; body?: unknown; token?: string } = {}) => {
    const response = await fetch(`${all.url}/v1/${path}`, {
      method: init.method ?? 'GET',
      headers: { authorization: `Bearer ${init.token ?? access}`, 'content-type': 'application/json' },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    })
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body }
  }
  const stats = (path: string, query: Record<string, string>) =>
    ask(`${path}/stats?${new URLSearchParams({ fields: FIELDS, ...query })}`)
  return { ...all, ask, stats }
}

interface Tap {
  teardown(work: () => unknown): void
}

const days = (from: string, to: string, offsets = ['+02:00', '+02:00']) => ({
  granularity: 'DAY',
  start_time: `${from}T00:00:00${offsets[0]}`,
  end_time: `${to}T00:00:00${offsets[1]}`,
})

t.test('statistics are refused as the API refuses them', async t => {
  const { stats } = await api(t)
  const refused = async (query: Record<string, string>, path = `campaigns/${CAMPAIGN}`) => {
    const { status, body } = await stats(path, query)
    t.equal(status, 400)
    t.equal(body.request_status, 'ERROR')
    return `${body.error_code}: ${body.debug_message}`
  }
  t.match(await refused(days('2026-04-10', '2026-04-10')), /^E1008: /)
  t.match(await refused(days('2026-04-11', '2026-04-10')), /must be before/)
  t.match(await refused(days('2026-04-10', '2026-04-12', ['Z', 'Z'])), /time zone Europe\/Berlin/)
  t.match(
    await refused(days('2026-03-01', '2026-03-31', ['+01:00', '+01:00'])),
    /end_time must be the start/,
    'clocks changed on the 29th',
  )
  t.match(await refused(days('2026-03-01', '2026-04-03', ['+01:00', '+02:00'])), /within 32 days/)
  t.match(
    await refused({ ...days('2026-04-10', '2026-04-11'), start_time: '2026-04-10T00:00:00' }),
    /no ISO 8601/,
  )
  t.match(await refused({ granularity: 'DAY' }), /start_time is required/)
  t.match(await refused({ ...days('2026-04-10', '2026-04-11'), granularity: 'WEEK' }), /granularity/)
  t.match(await refused({ ...days('2026-04-10', '2026-04-11'), fields: 'clicks' }), /fields: 'clicks'/)
  t.match(
    await refused({ ...days('2026-04-10', '2026-04-11'), view_attribution_window: '2_DAY' }),
    /view_attribution_window/,
  )
  t.match(
    await refused({ ...days('2026-04-10', '2026-04-11'), breakdown: 'campaign' }, `adsquads/${ADSET}`),
    /not below/,
  )
  t.match(
    await refused(days('2026-04-10', '2026-04-11'), 'adaccounts/78007'),
    /none of spend/,
    'an account gives spend only',
  )
  t.equal(
    (await stats('adaccounts/78007', { ...days('2026-04-10', '2026-04-11'), fields: 'spend' })).status,
    200,
  )
  t.equal((await stats('campaigns/nobody', days('2026-04-10', '2026-04-11'))).body.error_code, 'E3003')
})

t.test('days, hours, breakdowns and totals of the same come to the same', async t => {
  const { stats } = await api(t)
  const span = days('2026-03-28', '2026-03-31', ['+01:00', '+02:00'])
  const sum = (points: readonly Body[]) =>
    Object.fromEntries(FIELDS.split(',').map(f => [f, points.reduce((total, p) => total + p.stats[f], 0)]))
  const series = ({ body }: { body: Body }) => body.timeseries_stats[0].timeseries_stat
  const byDay = series(await stats(`campaigns/${CAMPAIGN}`, span)).timeseries
  const byHour = series(await stats(`campaigns/${CAMPAIGN}`, { ...span, granularity: 'HOUR' })).timeseries
  t.equal(byDay.length, 3)
  t.equal(byHour.length, 24 + 23 + 24, 'a day has 23 hours')
  const total = await stats(`campaigns/${CAMPAIGN}`, { ...span, granularity: 'TOTAL' })
  const byAd = series(await stats(`campaigns/${CAMPAIGN}`, { ...span, breakdown: 'ad' })).breakdown_stats.ad
  const wanted = total.body.total_stats[0].total_stat.stats
  t.ok(wanted.spend > 0)
  t.same(sum(byDay), wanted)
  t.same(sum(byHour), wanted)
  t.equal(byAd.length, 4)
  t.same(sum(byAd.flatMap((ad: Body) => ad.timeseries)), wanted)
  const lifetime = await stats(`campaigns/${CAMPAIGN}`, { granularity: 'LIFETIME' })
  t.ok(lifetime.body.total_stats[0].total_stat.stats.spend > wanted.spend)
})

t.test('what is empty is left out where that is asked for', async t => {
  const { stats } = await api(t, { world: world({ firstDay: '2026-04-10' }) })
  const span = days('2026-04-08', '2026-04-12')
  const seriesOf = async (query: Record<string, string>) => {
    const { body } = await stats(`campaigns/${CAMPAIGN}`, { ...span, ...query })
    return body.timeseries_stats[0].timeseries_stat.timeseries.map((p: Body) => p.start_time.slice(0, 10))
  }
  t.same(await seriesOf({}), ['2026-04-08', '2026-04-09', '2026-04-10', '2026-04-11'])
  t.same(await seriesOf({ omit_empty: 'true' }), ['2026-04-10', '2026-04-11'])
})

t.test(
  'a PUT writes whole objects: what is left out is reset, one is refused without the others',
  async t => {
    const { ask } = await api(t)
    const path = `campaigns/${CAMPAIGN}/adsquads`
    const before = (await ask(path)).body.adsquads.map((e: Body) => e.adsquad)
    const { body } = await ask(path, {
      method: 'PUT',
      body: {
        adsquads: [
          { id: before[0].id, campaign_id: CAMPAIGN, name: 'only a name' },
          { ...before[1], status: 'STOPPED' },
        ],
      },
    })
    t.equal(body.request_status, 'PARTIAL')
    t.match(body.adsquads, [
      {
        sub_request_status: 'SUCCESS',
        adsquad: {
          name: 'only a name',
          status: 'PAUSED',
          bid_micro: null,
          targeting: null,
          daily_budget_micro: null,
        },
      },
      { sub_request_status: 'ERROR', sub_request_error_reason: /status must be/ },
    ])
    const after = (await ask(path)).body.adsquads.map((e: Body) => e.adsquad)
    t.match(after[0], { name: 'only a name', targeting: null })
    t.same(after[1], before[1])
    for (const wrong of [
      { bid_micro: 1.5 },
      { bid_micro: -1 },
      { name: '' },
      { campaign_id: '781000001' },
      { id: 'x' },
    ]) {
      const answer = await ask(path, { method: 'PUT', body: { adsquads: [{ ...before[1], ...wrong }] } })
      t.equal(answer.body.request_status, 'ERROR', JSON.stringify(wrong))
    }
  },
)

t.test('a write is read only after the platform’s delay', async t => {
  const { ask, clock } = await api(t, { delayMs: 2000 })
  const path = `campaigns/${CAMPAIGN}`
  const { campaign } = (await ask(path)).body.campaigns[0]
  const put = await ask('adaccounts/78007/campaigns', {
    method: 'PUT',
    body: { campaigns: [{ ...campaign, status: 'PAUSED' }] },
  })
  t.equal(put.body.campaigns[0].campaign.status, 'PAUSED', 'its own answer shows it')
  t.equal((await ask(path)).body.campaigns[0].campaign.status, 'ACTIVE')
  clock.at += 2_000_000
  t.equal((await ask(path)).body.campaigns[0].campaign.status, 'PAUSED')
})

t.test('pages are linked, and hold 50 to 1000', async t => {
  const { ask, url } = await api(t, { world: world({ campaigns: 130, adsets: 1, ads: 1 }) })
  const first = (await ask('adaccounts/78007/campaigns?limit=50')).body
  t.equal(first.campaigns.length, 50)
  t.ok(first.paging.next_link.startsWith(`${url}/v1/adaccounts/78007/campaigns?limit=50&cursor=`))
  const ids = new Set<string>()
  for (let link: string | undefined = 'adaccounts/78007/campaigns?limit=50'; link; ) {
    const { body } = await ask(link)
    for (const { campaign } of body.campaigns) ids.add(campaign.id)
    link = body.paging?.next_link.slice(`${url}/v1/`.length)
  }
  t.equal(ids.size, 130)
  for (const limit of ['49', '1001', 'x'])
    t.equal((await ask(`adaccounts/78007/ads?limit=${limit}`)).status, 400)
})

t.test('no token, no answer; too many, none either', async t => {
  const { ask, platform } = await api(t, { limited: true })
  const { status, headers } = await ask('me/organizations', { token: 'stolen' })
  t.equal(status, 401)
  t.equal(headers.get('www-authenticate'), 'Bearer error="invalid_token"')
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask('me/organizations')))
  t.ok(answers.some(a => a.status === 429))
  t.equal(answers.filter(a => a.status === 429).length, platform.tokenLimits.refused)
})

t.test('the same seed is the same platform', async t => {
  const [a, b, c] = [await api(t), await api(t), await api(t, { world: world({ seed: 8 }) })]
  const span = days('2026-04-10', '2026-04-12')
  const of = async (one: typeof a) => {
    const { body } = await one.stats(`campaigns/${CAMPAIGN}`, span)
    return body.timeseries_stats
  }
  t.same(await of(a), await of(b))
  t.notSame(await of(a), await of(c))
  t.equal(midnight('2026-04-15', ZONE) < NOW, true)
})
