import t from 'tap'
import { connected, type Row } from './support.ts'

/** What foreign clients ask that the connector does not; found by those of test/foreign. */
async function house(t: Parameters<typeof connected>[0]) {
  const c = await connected(t)
  const { url, token, store } = c.simulator
  const ask = async (path: string, params: Row = {}, method = 'GET') => {
    const query = new URLSearchParams({ access_token: token, ...(params as Record<string, string>) })
    return (await (await fetch(`${url}/${path}?${query}`, { method })).json()) as Answer
  }
  const [account] = store.accounts
  return { ...c, ask, act: `act_${account!.id}`, account: account!, store }
}
interface Answer extends Row {
  readonly data: readonly Row[]
  readonly paging: { readonly cursors: { readonly after: string }; readonly next?: string }
}

t.test('behind the last page there is nothing: its cursor gave the last row again, for ever', async t => {
  const { ask, act } = await house(t)
  const range = JSON.stringify({ since: '2026-03-01', until: '2026-03-02' })
  for (const [edge, params] of [
    ['campaigns', { limit: '100' }],
    ['insights', { level: 'ad', limit: '100', time_range: range, time_increment: '1' }],
  ] as const) {
    const last = await ask(`${act}/${edge}`, params)
    t.ok(last.data.length > 2)
    t.notOk(last.paging.next)
    t.same(await ask(`${act}/${edge}`, { ...params, after: last.paging.cursors.after }), { data: [] }, edge)
  }
})

t.test('an object whose address ends in a slash is the object', async t => {
  const { ask, act } = await house(t)
  t.equal((await ask(`${act}/`, { fields: 'name' })).name, (await ask(act, { fields: 'name' })).name)
})

t.test('a list of fields with the quotes that Python writes is one', async t => {
  const { ask, act } = await house(t)
  const asked = async (fields: string) => (await ask(`${act}/ads`, { fields })).data
  const wanted = await asked('name,campaign_id')
  t.same(Object.keys(wanted[0]!).sort(), ['campaign_id', 'id', 'name'])
  t.same(await asked("['name', 'campaign_id']"), wanted)
  t.same(await asked('["name","campaign_id"]'), wanted)
})

t.test('who asks for the ad accounts of the token gets them with their numbers', async t => {
  const { ask, act, account, simulator } = await house(t)
  t.same((await ask('me/adaccounts')).data, [{ account_id: account.id, id: act }])
  t.same((await ask('me/adaccounts', { fields: 'currency' })).data, [{ currency: 'USD', id: act }])
  simulator.tokens.forbid('ads_read')
  simulator.tokens.forbid('ads_management')
  t.same((await ask('me/adaccounts')).data, [])
})

t.test('several ranges are one row each, whatever the increment', async t => {
  const { ask, act } = await house(t)
  const days = (since: string, until: string) => ({ since, until })
  const sum = async (params: Row) =>
    (await ask(`${act}/insights`, { fields: 'impressions', ...params })).data.map(r => [
      r.date_start,
      r.date_stop,
      Number(r.impressions),
    ])
  const [[, , first], [, , second]] = (await sum({
    time_range: JSON.stringify(days('2026-03-01', '2026-03-02')),
    time_increment: '1',
  })) as [[string, string, number], [string, string, number]]
  t.same(
    await sum({
      time_ranges: JSON.stringify([days('2026-03-01', '2026-03-02'), days('2026-03-02', '2026-03-02')]),
      time_increment: '1',
    }),
    [
      ['2026-03-01', '2026-03-02', first + second],
      ['2026-03-02', '2026-03-02', second],
    ],
  )
  t.match(await ask(`${act}/insights`, { time_ranges: '{}' }), { error: { code: 100, message: /array/ } })
  t.match(await ask(`${act}/insights`, { time_ranges: '[{"since":"x"}]' }), { error: { code: 100 } })
})

t.test('objects are filtered by when they were written last', async t => {
  const { ask, act, clock, store, account } = await house(t)
  const since = Math.floor(clock.now / 1e6)
  const changed = (operator: string) =>
    ask(`${act}/campaigns`, {
      filtering: JSON.stringify([{ field: 'campaign.updated_time', operator, value: since }]),
    })
  t.same((await changed('GREATER_THAN')).data, [])
  t.equal((await changed('LESS_THAN')).data.length, account.campaigns.length)
  clock.now += 5_000_000
  const [campaign] = [...store.level(account, 'campaign')]
  t.match(await ask(campaign!.id, { status: 'PAUSED' }, 'POST'), { success: true })
  clock.now += 5_000_000
  t.same((await changed('GREATER_THAN')).data, [{ id: campaign!.id }])
  t.match(await changed('IN'), { error: { code: 100 } })
})
