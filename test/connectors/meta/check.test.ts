import t from 'tap'
import { connected, DAY, unlimited } from './support.ts'

t.test('check wants a good token with ads_read, and every account and pixel in sight', async t => {
  const { check, config, simulator } = await connected(t, { scopes: ['ads_read'], needsProof: true })
  await check()
  const under = (over: object) => check({ config: { ...config, ...over } })
  await t.rejects(under({ access_token: 'EAAwrong' }), {
    kind: 'auth',
    lack: 'credentials',
    message: /refused/,
  })
  await t.rejects(under({ app_secret: 'wrong' }), {
    kind: 'auth',
    lack: 'credentials',
    message: /app secret/,
  })
  await t.rejects(under({ ad_account_ids: [...config.ad_account_ids, '999'] }), {
    kind: 'config',
    message: /^\/ad_account_ids\/1: there is no ad account 999/,
  })
  await t.rejects(under({ pixel_ids: ['1'] }), {
    kind: 'config',
    message: /^\/pixel_ids\/0: there is no pixel 1/,
  })
  await t.rejects(under({ base_url: 'http://127.0.0.1:1/v26.0' }), {
    kind: 'retryable',
    message: /nothing listens/,
  })
  simulator.tokens.forbid('ads_read')
  await t.rejects(check(), {
    kind: 'auth',
    lack: 'permission',
    message: /neither ads_read nor ads_management/,
  })
})

t.test('settings that the schema cannot judge are refused with their path', async t => {
  const { check, config } = await connected(t)
  const under = (over: object) => check({ config: { ...config, ...over } })
  await t.rejects(under({ ad_account_ids: [] }), { kind: 'config', message: /^\/ad_account_ids: names no/ })
  await t.rejects(under({ ad_account_ids: ['act_1', '1'] }), { kind: 'config', message: /names 1 twice/ })
  await t.rejects(under({ base_url: 'ftp://x' }), { kind: 'config', message: /^\/base_url/ })
  await t.rejects(under({ attribution_windows: ['1d_click', '7d_click'] }), {
    kind: 'config',
    message: /^\/attribution_windows: 1d_click and 7d_click overlap/,
  })
})

t.test(
  'a token that ends in the middle asks to connect again, and a new one goes on where it was',
  async t => {
    const { batches, clock, config, simulator } = await connected(t, { tokenLifeSeconds: 3600 })
    const all = await batches('ad_reports')
    clock.now += DAY
    await t.rejects(batches('ad_reports', all[3]!.state), {
      kind: 'auth',
      lack: 'credentials',
      message: /has expired.*190\/463/,
    })
    clock.now -= DAY
    const access_token = simulator.tokens.issue(['ads_read'])
    const rest = await batches('ad_reports', all[3]!.state, { config: { ...config, access_token } })
    const records = (some: typeof all) => some.flatMap(batch => batch.records)
    t.same(records(rest), records(all.slice(4)))
  },
)

t.test('no secret is in a message', async t => {
  const { config, check } = await connected(t)
  const failure = await check({
    config: { ...config, access_token: 'EAAverysecret' },
    limiter: unlimited,
  }).catch((error: Error) => error.message)
  t.notMatch(failure, /EAAverysecret/)
})
