import t from 'tap'
import { connected, NOW, small } from './support.ts'

interface Body {
  readonly code: number
  readonly message: string
  readonly data: Readonly<Record<string, unknown>>
}

async function asking(t: Parameters<typeof connected>[0], options: Parameters<typeof connected>[1] = {}) {
  const { baseUrl, platform, authorisation } = await connected(t, options)
  const ask = async (path: string, query: Readonly<Record<string, unknown>> = {}, token = platform.token) => {
    const url = new URL(`${baseUrl}/${path}`)
    for (const [name, value] of Object.entries(query))
      url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value))
    const response = await fetch(url, { headers: token ? { 'access-token': token } : {} })
    const text = await response.text()
    return { status: response.status, body: (text.startsWith('{') ? JSON.parse(text) : {}) as Body }
  }
  return { ask, platform, baseUrl, authorisation }
}

const REPORT = {
  advertiser_id: '56007',
  report_type: 'BASIC',
  data_level: 'AUCTION_AD',
  dimensions: ['ad_id', 'stat_time_day'],
  start_date: '2026-03-10',
  end_date: '2026-03-12',
}

t.test('a path without its slash is not there; every error of the API is HTTP 200', async t => {
  const { ask } = await asking(t)
  t.equal((await ask('campaign/get', { advertiser_id: '56007' })).status, 404)
  for (const [token, code] of [
    ['', 40104],
    ['wrong', 40105],
  ] as const) {
    const { status, body } = await ask('campaign/get/', { advertiser_id: '56007' }, token)
    t.match({ status, code: body.code }, { status: 200, code })
  }
  t.match((await ask('campaign/get/', { advertiser_id: '1' })).body, { code: 40001 })
  t.match((await ask('campaign/get/')).body, { code: 40002, message: /advertiser_id: Missing/ })
})

t.test('lists have pages, fields and deleted objects as they are asked for', async t => {
  const { ask, platform } = await asking(t)
  const ads = (over: object) => ask('ad/get/', { advertiser_id: '56007', page_size: '5', ...over })
  const { entities } = platform
  const gone = entities.of('56007', 'ad').filter(node => entities.isDeleted(node)).length
  t.match((await ads({})).body.data.page_info, { page: 1, page_size: 5, total_number: 16 - gone })
  const all = { filtering: { primary_status: 'STATUS_ALL' } }
  t.match((await ads(all)).body.data.page_info, { total_number: 16, total_page: 4 })
  t.match((await ads({ ...all, fields: ['ad_id'] })).body.data.list, [{ ad_id: /^\d+$/ }])
  t.match((await ads({ fields: ['nothing'] })).body, { code: 40002 })
  t.match((await ads({ page_size: '1001' })).body, { code: 40002, message: /between 1 and 1000/ })
  t.match((await ask('ad/get/', { advertiser_id: '56007' })).body.data.page_info, { page_size: 10 })
})

t.test('a report has the dimensions and metrics that it was asked for, as text', async t => {
  const { ask, platform } = await asking(t, { deleted: 0 })
  const report = (over: object) => ask('report/integrated/get/', { ...REPORT, page_size: '1000', ...over })
  const { list } = (await report({ metrics: ['spend', 'ctr', 'campaign_id'] })).body.data as unknown as {
    list: { dimensions: Record<string, string>; metrics: Record<string, string> }[]
  }
  t.same(Object.keys(list[0]!.dimensions), ['ad_id', 'stat_time_day'])
  t.same(Object.keys(list[0]!.metrics), ['spend', 'ctr', 'campaign_id'])
  t.match(list[0], {
    dimensions: { stat_time_day: '2026-03-10 00:00:00' },
    metrics: { spend: /^\d+\.\d{3}$/ },
  })
  t.match(
    (await report({})).body.data.list,
    [{ metrics: { spend: /./, impressions: /^\d+$/ } }],
    'the default',
  )

  const whole = await report({
    data_level: 'AUCTION_ADVERTISER',
    dimensions: ['advertiser_id'],
    metrics: ['clicks'],
  })
  const clicks = platform.entities
    .of('56007', 'ad')
    .flatMap(({ id }) =>
      ['10', '11', '12'].map(d => platform.world.adDay('tiktok', id, `2026-03-${d}`, NOW)!.clicks),
    )
  t.same((whole.body.data.list as unknown[])[0], {
    dimensions: { advertiser_id: '56007' },
    metrics: { clicks: String(clicks.reduce((a, b) => a + b, 0)) },
  })
})

t.test('what a report may not be is refused', async t => {
  const { ask } = await asking(t)
  const refused = async (over: object) => (await ask('report/integrated/get/', { ...REPORT, ...over })).body
  const filter = (field_name: string, filter_value: unknown) => ({
    filtering: [{ field_name, filter_type: 'IN', filter_value }],
  })
  for (const [over, message] of [
    [{ end_date: '2026-04-09' }, /cannot exceed 30 days/],
    [{ dimensions: ['ad_id', 'campaign_id'] }, /exactly one id dimension/],
    [{ dimensions: ['ad_id', 'stat_time_day', 'stat_time_hour'] }, /one time dimension/],
    [{ dimensions: ['ad_id', 'gender'] }, /AUDIENCE is of groups of people/],
    [{ dimensions: 'ad_id' }, /Not a valid JSON/],
    [{ metrics: ['nonsense'] }, /nonsense is not supported/],
    [{ data_level: 'AD' }, /data_level/],
    [filter('ad_status', ['STATUS_ALL']), /JSON array character string/],
    [filter('nothing', '[]'), /not a supported field/],
  ] as const)
    t.match(await refused(over), { code: 40002, message }, JSON.stringify(over))
  t.match(await refused({ end_date: '2026-04-08' }), { code: 0 }, '30 days may be asked for')
})

t.test('a limit is told in words alone', async t => {
  for (const [perMs, message] of [
    [60_000, 'App reaches the QPM limit.'],
    [86_400_000, 'App reaches the QPD limit.'],
  ] as const) {
    const { ask } = await asking(t, { limits: [{ calls: 2, perMs }] })
    const answers = []
    for (let i = 0; i < 3; i++) answers.push((await ask('campaign/get/', { advertiser_id: '56007' })).body)
    t.match(answers, [{ code: 0 }, { code: 0 }, { code: 40100, message }])
  }
})

t.test('a code of the authorisation is good once', async t => {
  const { baseUrl, authorisation, platform } = await asking(t)
  const code = authorisation.code()
  const exchange = async () => {
    const body = { app_id: 'app-of-the-simulator', secret: 'secret-of-the-app', auth_code: code }
    const response = await fetch(`${baseUrl}/oauth2/access_token/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await response.json()) as Body
  }
  t.match(await exchange(), { code: 0, data: { access_token: platform.token, advertiser_ids: ['56007'] } })
  t.match(await exchange(), { code: 40110 })
})

t.test('the same seed is the same platform', async t => {
  const lists = []
  for (let i = 0; i < 2; i++) {
    const { ask } = await asking(t, { world: small({ seed: 3 }) })
    lists.push((await ask('report/integrated/get/', { ...REPORT, advertiser_id: '56003' })).body.data)
  }
  t.same(lists[0], lists[1])
})
