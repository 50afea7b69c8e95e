import t from 'tap'
import { house, NOW, world } from './support.ts'

// biome-ignore lint/suspicious/noExplicitAny: what came over the wire
type Json = Record<string, any>

interface Tap {
  match(found: unknown, wanted: unknown): unknown
}

/** Asks the simulator as any client would. */
async function raw(t: Parameters<typeof house>[0] & Pick<Tap, 'match'>, options = {}) {
  const simulator = await house(t, options)
  const { config, platform } = simulator
  const base = config.base_url as string
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: config.client_id as string,
    client_secret: config.client_secret as string,
    refresh_token: config.refresh_token as string,
  })
  const granted = (await (
    await fetch(config.token_url as string, { method: 'POST', body: form })
  ).json()) as Json
  t.match(granted, { token_type: 'Bearer', expires_in: 3600 })
  const id = (config.customer_ids as string[])[0]!
  const post = async (path: string, body: object, headers = {}) => {
    const response = await fetch(`${base}/customers/${id}/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        authorization: `Bearer ${granted.access_token}`,
        'developer-token': config.developer_token as string,
        'login-customer-id': config.login_customer_id as string,
        'content-type': 'application/json',
        ...headers,
      },
    })
    return { status: response.status, body: (await response.json()) as Json }
  }
  const search = (query: string, more = {}) => post('googleAds:search', { query, ...more })
  const rows = async (query: string) => {
    const { status, body } = await search(query)
    if (status !== 200) throw new Error(JSON.stringify(body))
    return (body.results ?? []) as Json[]
  }
  return { ...simulator, post, search, rows, id, platform }
}

const codeIn = ({ body }: { body: Json }): unknown =>
  Object.entries((Array.isArray(body) ? body[0] : body).error.details[0].errors[0].errorCode)[0]!.join('.')

t.test(
  'a query gives what it asks for, nested in lowerCamelCase, int64 as text and doubles as numbers',
  async t => {
    const { rows, id } = await raw(t)
    const [row] = await rows(
      "SELECT campaign.id, campaign_budget.amount_micros, segments.date, metrics.cost_micros, metrics.clicks, metrics.conversions, metrics.average_cpc FROM campaign WHERE segments.date = '2026-04-01' AND metrics.clicks > 0 ORDER BY metrics.cost_micros DESC LIMIT 1",
    )
    const { campaign, campaignBudget, segments, metrics } = row!
    t.same(Object.keys(row!).sort(), ['campaign', 'campaignBudget', 'metrics', 'segments'])
    t.equal(campaign.resourceName, `customers/${id}/campaigns/${campaign.id}`)
    t.match(campaignBudget, { resourceName: /campaignBudgets/ })
    t.equal(segments.date, '2026-04-01')
    t.type(metrics.costMicros, 'string')
    t.type(metrics.conversions, 'number')
    t.equal(metrics.averageCpc, Number(metrics.costMicros) / Number(metrics.clicks))
  },
)

t.test('WHERE, ORDER BY and LIMIT do what they say; days that are not selected are summed', async t => {
  const all = world()
  const { rows } = await raw(t, { world: all })
  const campaigns = all.accounts('google')[0]!.campaigns
  const ids = (found: Json[]) => found.map(r => r.campaign.id)
  const two = campaigns.slice(1, 3).map(c => c.id)
  t.same(
    ids(
      await rows(
        `SELECT campaign.id FROM campaign WHERE campaign.id IN (${two.join(', ')}) ORDER BY campaign.id DESC`,
      ),
    ),
    two.toReversed(),
  )
  t.same(ids(await rows(`SELECT campaign.id FROM campaign WHERE campaign.id != ${two[0]} LIMIT 2`)).length, 2)
  t.same(ids(await rows("SELECT campaign.id FROM campaign WHERE campaign.name LIKE 'campaign 2%'")), [
    campaigns[1]!.id,
  ])
  const paused = campaigns.filter(c => c.status === 'PAUSED').map(c => c.id)
  t.same(ids(await rows("SELECT campaign.id FROM campaign WHERE campaign.status = 'PAUSED'")), paused)
  const range = "segments.date BETWEEN '2026-03-28' AND '2026-03-30'"
  const [sum] = await rows(`SELECT customer.id, metrics.cost_micros FROM customer WHERE ${range}`)
  const days = await rows(`SELECT segments.date, metrics.cost_micros FROM campaign WHERE ${range}`)
  const total = days.reduce((n, r) => n + BigInt(r.metrics.costMicros), 0n)
  t.equal(sum!.metrics.costMicros, String(total))
  const spent = campaigns
    .flatMap(c => c.adsets.flatMap(s => s.ads))
    .flatMap(ad =>
      ['2026-03-28', '2026-03-29', '2026-03-30'].map(
        day => all.adDay('google', ad.id, day, NOW)!.spendMicros,
      ),
    )
  t.equal(
    Number(total),
    spent.reduce((a, b) => a + b),
  )
})

t.test('what the platform refuses of a query, in its own words', async t => {
  const { search, post } = await raw(t)
  const cases = {
    'SELECT campaign.foo FROM campaign': 'queryError.UNRECOGNIZED_FIELD',
    'SELECT campaign.id FROM nothing': 'queryError.BAD_RESOURCE_TYPE_IN_FROM_CLAUSE',
    'SELECT ad_group.id FROM campaign': 'queryError.PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE',
    'SELECT campaign_budget.id, metrics.clicks FROM campaign_budget':
      'queryError.PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE',
    'SELECT segments.date FROM campaign': 'queryError.EXPECTED_FILTERS_ON_DATE_RANGE',
    "SELECT segments.date FROM campaign WHERE segments.date = '1 April'": 'queryError.INVALID_DATE_FORMAT',
    'SELECT campaign.id FROM campaign WHERE metrics.clicks > 1':
      'queryError.EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE',
    "SELECT campaign.id FROM campaign WHERE campaign.status = 'ON'": 'queryError.BAD_ENUM_CONSTANT',
    'campaign.id FROM campaign': 'queryError.EXPECTED_SELECT',
    'SELECT campaign.id': 'queryError.EXPECTED_FROM',
    'SELECT campaign.id FROM campaign LIMIT x': 'queryError.BAD_LIMIT_VALUE',
    'SELECT campaign.id FROM campaign LIMIT 1 more': 'queryError.UNEXPECTED_INPUT',
    "SELECT campaign.id FROM campaign WHERE campaign.name = 'x": 'queryError.STRING_NOT_TERMINATED',
    "SELECT change_event.user_email FROM change_event WHERE change_event.change_date_time >= '2026-04-01' AND change_event.change_date_time <= '2026-04-15'":
      'changeEventError.LIMIT_NOT_SPECIFIED',
    "SELECT change_event.user_email FROM change_event WHERE change_event.change_date_time >= '2026-04-01' AND change_event.change_date_time <= '2026-04-15' LIMIT 10001":
      'changeEventError.INVALID_LIMIT_CLAUSE',
    "SELECT change_event.user_email FROM change_event WHERE change_event.change_date_time >= '2026-04-01' LIMIT 1":
      'changeEventError.CHANGE_DATE_RANGE_INFINITE',
    "SELECT change_event.user_email FROM change_event WHERE change_event.change_date_time >= '2026-03-15' AND change_event.change_date_time <= '2026-04-15' LIMIT 1":
      'changeEventError.START_DATE_TOO_OLD',
  }
  for (const [query, code] of Object.entries(cases)) {
    const answer = await search(query)
    t.equal(answer.status, 400)
    t.equal(codeIn(answer), code, query)
    t.equal(codeIn(await post('googleAds:searchStream', { query })), code, 'in a stream too')
  }
})

t.test('pages are of one size; a token is good for its query and for two hours', async t => {
  const { search, clock } = await raw(t, { pageRows: 3 })
  const query = 'SELECT ad_group.id FROM ad_group ORDER BY ad_group.id'
  t.equal(codeIn(await search(query, { pageSize: 2 })), 'requestError.PAGE_SIZE_NOT_SUPPORTED')
  const first = await search(query)
  t.match(first.body, { totalResultsCount: '8', fieldMask: 'adGroup.id' })
  t.equal(first.body.results.length, 3)
  const pageToken = first.body.nextPageToken
  const second = await search(query, { pageToken })
  t.same((await search(query, { pageToken })).body.results, second.body.results, 'asked again it is the same')
  t.equal(codeIn(await search(`${query} DESC`, { pageToken })), 'requestError.INVALID_PAGE_TOKEN')
  t.same(
    (await search(query, { page_token: pageToken })).body,
    second.body,
    'google-ads-api uses the names of the proto file',
  )
  const last = await search(query, { pageToken: second.body.nextPageToken })
  t.equal(last.body.results.length, 2)
  t.equal(last.body.nextPageToken, undefined)
  clock.at += 2 * 3_600_000_000 + 1
  const granted = await search(query, { pageToken })
  t.equal(codeIn(granted), 'authenticationError.OAUTH_TOKEN_EXPIRED')
})

t.test('a stream is a list of chunks', async t => {
  const { post } = await raw(t, { pageRows: 3 })
  const { body } = await post('googleAds:searchStream', { query: 'SELECT ad_group.id FROM ad_group' })
  t.same(
    body.map((chunk: Json) => chunk.results.length),
    [3, 3, 2],
  )
})

t.test('credentials of each kind are asked for', async t => {
  const { post } = await raw(t)
  const asked = (headers: object) =>
    post('googleAds:search', { query: 'SELECT customer.id FROM customer' }, headers)
  t.equal(codeIn(await asked({ authorization: 'Bearer no' })), 'authenticationError.OAUTH_TOKEN_INVALID')
  t.equal(codeIn(await asked({ 'developer-token': 'no' })), 'authenticationError.DEVELOPER_TOKEN_INVALID')
  t.equal(codeIn(await asked({ 'login-customer-id': '111-222' })), 'headerError.INVALID_LOGIN_CUSTOMER_ID')
  t.equal(codeIn(await asked({ 'login-customer-id': '1' })), 'authorizationError.USER_PERMISSION_DENIED')
})

t.test('operations are refused one by one, or all; validated only, nothing is written', async t => {
  const { post, rows, id } = await raw(t)
  const [row] = await rows('SELECT campaign.status, campaign.resource_name FROM campaign LIMIT 1')
  const resourceName = row!.campaign.resourceName as string
  const good = { update: { resourceName, name: 'Other' }, updateMask: 'name' }
  const bad = {
    update: { resourceName: `customers/${id}/campaigns/404`, status: 'PAUSED' },
    updateMask: 'status',
  }
  const nameNow = async () =>
    (await rows(`SELECT campaign.name FROM campaign WHERE campaign.resource_name = '${resourceName}'`))[0]!
      .campaign.name
  const before = await nameNow()
  t.equal(
    codeIn(await post('campaigns:mutate', { operations: [good, bad] })),
    'mutateError.RESOURCE_NOT_FOUND',
  )
  t.same((await post('campaigns:mutate', { operations: [good], validateOnly: true })).body, {})
  const named = { update: { resource_name: resourceName, name: 'Other' }, update_mask: 'name' }
  t.same((await post('campaigns:mutate', { operations: [named], validate_only: true })).body, {})
  t.equal(await nameNow(), before)
  const parted = await post('campaigns:mutate', {
    operations: [bad, good],
    partialFailure: true,
    responseContentType: 'MUTABLE_RESOURCE',
  })
  t.match(parted.body, {
    partialFailureError: {
      code: 3,
      details: [
        {
          errors: [
            {
              errorCode: { mutateError: 'RESOURCE_NOT_FOUND' },
              location: { fieldPathElements: [{ fieldName: 'operations', index: 0 }] },
            },
          ],
        },
      ],
    },
    results: [{}, { resourceName, campaign: { name: 'Other' } }],
  })
  t.equal(await nameNow(), 'Other')
  const refused = {
    'fieldMaskError.FIELD_MASK_MISSING': { update: { resourceName, name: 'x' } },
    'fieldMaskError.FIELD_NOT_FOUND': { update: { resourceName }, updateMask: 'id' },
    'requestError.INVALID_ENUM_VALUE': { update: { resourceName, status: 'ON' }, updateMask: 'status' },
  }
  for (const [code, operation] of Object.entries(refused))
    t.equal(codeIn(await post('campaigns:mutate', { operations: [operation] })), code)
  const [group] = await rows('SELECT ad_group.resource_name FROM ad_group LIMIT 1')
  const bid = {
    update: { resourceName: group!.adGroup.resourceName, cpcBidMicros: '1234567' },
    updateMask: 'cpcBidMicros',
  }
  t.equal(
    codeIn(await post('adGroups:mutate', { operations: [bid] })),
    'currencyError.VALUE_NOT_MULTIPLE_OF_BILLABLE_UNIT',
  )
})

t.test('the same seed gives the same answers', async t => {
  const query =
    "SELECT segments.date, ad_group_ad.ad.id, metrics.cost_micros, metrics.conversions_value FROM ad_group_ad WHERE segments.date >= '2026-04-01' AND segments.date <= '2026-04-15'"
  const [a, b] = [await raw(t), await raw(t)]
  t.same(await a.rows(query), await b.rows(query))
})

t.test('over the limit of operations it says how long to wait', async t => {
  const { search } = await raw(t, { operations: 2 })
  const query = 'SELECT customer.id FROM customer'
  await search(query)
  await search(query)
  const answer = await search(query)
  t.equal(answer.status, 429)
  t.equal(codeIn(answer), 'quotaError.RESOURCE_EXHAUSTED')
  t.match(answer.body.error.details[0].errors[0].details.quotaErrorDetails, {
    rateScope: 'DEVELOPER',
    retryDelay: /^\d+s$/,
  })
})
