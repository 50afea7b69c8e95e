import { createHmac } from 'node:crypto'
import t from 'tap'
import type { InsightsQuery } from '../../../connectors/meta/simulator/insights-query.ts'
import { Jobs } from '../../../connectors/meta/simulator/jobs.ts'
import { Whims } from '../../../connectors/meta/simulator/whims.ts'
import { connected, NOW, type Row } from './support.ts'

type Connected = Awaited<ReturnType<typeof connected>>

/** A call as anybody would make it, with the token in the query. */
async function ask(
  { simulator }: Connected,
  path: string,
  params: Record<string, string> = {},
  method = 'GET',
) {
  const query = new URLSearchParams({ access_token: simulator.token, ...params })
  const response = await fetch(`${simulator.url}/${path}?${query}`, { method })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, never>,
  }
}
const errorOf = ({ body }: { body: Row }) => (body as { error: Row }).error

t.test('tokens are described, exchanged for longer ones, and end', async t => {
  const c = await connected(t, { tokenLifeSeconds: 3600 })
  const { app } = c.simulator.tokens
  const described = await ask(c, 'debug_token', {
    input_token: c.simulator.token,
    access_token: `${app.id}|${app.secret}`,
  })
  t.match(described.body.data, { is_valid: true, app_id: app.id, scopes: ['ads_read', 'ads_management'] })
  const exchange = { client_id: app.id, client_secret: app.secret, fb_exchange_token: c.simulator.token }
  const longer = await ask(c, 'oauth/access_token', exchange)
  t.match(longer.body, { token_type: 'bearer', expires_in: 5183944 })
  c.clock.now = NOW + 3_600_000_000
  t.match(errorOf(await ask(c, 'me')), { code: 190, error_subcode: 463, type: 'OAuthException' })
  t.match(
    errorOf(await ask(c, 'oauth/access_token', exchange)),
    { code: 190 },
    'what has ended is not exchanged',
  )
  t.equal((await ask(c, 'me', { access_token: longer.body.access_token! })).status, 200)
})

t.test('a proof of the app’s secret is checked, and asked for where the app wants it', async t => {
  const c = await connected(t, { needsProof: true })
  t.match(errorOf(await ask(c, 'me')), { code: 100, message: /require an appsecret_proof/ })
  t.match(errorOf(await ask(c, 'me', { appsecret_proof: 'x' })), {
    code: 100,
    message: /Invalid appsecret_proof/,
  })
  const { secret } = c.simulator.tokens.app
  const proof = createHmac('sha256', secret).update(c.simulator.token).digest('hex')
  t.equal((await ask(c, 'me', { appsecret_proof: proof })).status, 200)
})

t.test('what is asked wrongly is refused in Meta’s words', async t => {
  const c = await connected(t)
  const act = `act_${c.simulator.store.accounts[0]!.id}`
  const cases: [string, Record<string, string>, RegExp][] = [
    [`${act}/campaigns`, { fields: 'nope' }, /nonexisting field \(nope\) on node type \(AdCampaignGroup\)/],
    [`${act}/campaigns`, { after: 'nope' }, /Invalid cursors/],
    [`${act}/campaigns`, { filtering: '{' }, /valid JSON/],
    [`${act}/nope`, {}, /nonexisting field \(nope\)/],
    [`${act}/insights`, { fields: 'nope' }, /not valid for fields param/],
    [`${act}/insights`, { breakdowns: 'age,country' }, /combination of data breakdown columns/],
    [`${act}/insights`, { time_range: '{"since":"2020-01-01","until":"2020-01-02"}' }, /beyond 37 months/],
    [`${act}/insights`, { time_increment: '91' }, /between 1 and 90/],
  ]
  for (const [path, params, message] of cases)
    t.match(errorOf(await ask(c, path, params)), { code: 100, message }, path)
  t.match(errorOf(await ask(c, 'act_4')), { code: 100, error_subcode: 33 })
})

t.test('a report goes through its states and is not read before it is done', async t => {
  const { simulator } = await connected(t)
  const clock = { now: 0 }
  const jobs = new Jobs({ unseenMs: 100, readyMs: 1000 }, new Whims(), () => clock.now)
  const query = { account: simulator.store.accounts[0]! } as InsightsQuery
  const run = jobs.start(query, false)
  const doomed = jobs.start(query, true)
  const at = (ms: number) => {
    clock.now = ms
    const { async_status, async_percent_completion } = jobs.shown(run) ?? {}
    return [async_status, async_percent_completion]
  }
  t.equal(jobs.shown(run), null, 'not seen at first')
  t.same(at(150), ['Job Not Started', 15])
  t.same(at(300), ['Job Started', 30])
  t.same(at(700), ['Job Running', 70])
  t.same(at(900), ['Job Running', 100])
  t.throws(() => jobs.done(run), /Error accessing adreport job/)
  t.same(at(1000), ['Job Completed', 100])
  t.equal(jobs.done(run), query)
  t.match(jobs.shown(doomed), { async_status: 'Job Failed', error_code: 1 })
})

t.test('pages hang together by cursors and by the whole address of the next', async t => {
  const c = await connected(t)
  const act = `act_${c.simulator.store.accounts[0]!.id}`
  const ids: string[] = []
  let next: string | undefined = `${c.simulator.url}/${act}/ads?limit=5&access_token=${c.simulator.token}`
  while (next !== undefined) {
    const page = (await (await fetch(next)).json()) as { data: { id: string }[]; paging: { next?: string } }
    ids.push(...page.data.map(({ id }) => id))
    next = page.paging.next
  }
  t.equal(new Set(ids).size, 12)
  t.equal(ids.length, 12)
})

t.test('what is only to be validated is not written', async t => {
  const c = await connected(t)
  const [node] = [...c.simulator.store.level(c.simulator.store.accounts[0]!, 'campaign')]
  const how = { status: 'PAUSED', execution_options: '["validate_only"]' }
  t.match((await ask(c, node!.id, how, 'POST')).body, { success: true })
  t.match(errorOf(await ask(c, node!.id, { ...how, status: 'OFF' }, 'POST')), { code: 100 })
  t.equal(c.simulator.store.changes.all.length, 0)
})

t.test('the same seed gives the same answers', async t => {
  const [one, two] = [await connected(t), await connected(t)]
  for (const path of ['campaigns', 'insights', 'activities']) {
    const act = `act_${one.simulator.store.accounts[0]!.id}`
    const params = path === 'activities' ? { since: '1700000000' } : {}
    t.same(
      (await ask(one, `${act}/${path}`, params)).body.data,
      (await ask(two, `${act}/${path}`, params)).body.data,
    )
  }
})
