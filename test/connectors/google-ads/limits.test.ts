import t from 'tap'
import { type Limiter, LocalLimiter, type Told } from '../../../engine/source/limits/limiter.ts'
import type { WindowLimit } from '../../../engine/source/limits/windows.ts'
import { scaled, virtualTime } from '../../support/virtual-time.ts'
import { house, world } from './support.ts'

const DAY_MS = 86_400_000
const READ = ['accounts', 'campaigns', 'adsets', 'ads', 'ad_reports', 'ad_demographics']

t.test('a day’s operations are used up and never exceeded, and pages cost none', async t => {
  const time = virtualTime(10)
  t.teardown(() => time.end())
  const { read, platform } = await house(t, { operations: 12, pageRows: 20, time })
  // Explorer access has 2,880 a day, for which a test has no time.
  const limiter = scaled(time.limiter, 2880 / 12)
  for (const stream of READ) await read(stream, null, { access_level: 'explorer' }, { limiter })
  t.equal(platform.daily!.refused, 0)
  const [days = [], ...others] = platform.daily!.windows(DAY_MS).values()
  t.equal(others.length, 0)
  t.ok(days.length > 2)
  t.same(new Set(days.slice(0, -1)), new Set([12]), 'every day but the last is used up')
  const operations = days.reduce((sum, n) => sum + n)
  t.ok(
    platform.requests.length > operations * 2,
    `${platform.requests.length} pages, ${operations} operations`,
  )
})

t.test('what somebody else has used up is not asked for, and the wait ends when it is told to', async t => {
  const { read, platform } = await house(t)
  const stop = new AbortController()
  const shared = new LocalLimiter()
  const limiter: Limiter = {
    async take(key, limits, cost, signal) {
      ;(await shared.take(key, limits, limits[0]!.calls, signal)).done()
      setImmediate(() => stop.abort(new Error('enough')))
      return shared.take(key, limits, cost, signal)
    },
  }
  const over = { access_level: 'explorer' }
  await t.rejects(read('campaigns', null, over, { limiter, signal: stop.signal }), /enough/)
  t.same(platform.requests, [], 'nothing was asked')
})

/** Writes down what is counted by what, and what was said of it. */
function recording() {
  const taken: { key: string; limits: readonly WindowLimit[]; cost: number; told?: Told | undefined }[] = []
  const limiter: Limiter = {
    async take(key, limits, cost) {
      const one: (typeof taken)[number] = { key, limits, cost }
      taken.push(one)
      return {
        done(told) {
          one.told = told
        },
      }
    },
  }
  return { taken, limiter }
}

t.test('how many operations there are is what the access level says', async t => {
  const { read } = await house(t, { world: world({ campaigns: 1 }) })
  for (const [access_level, calls] of [
    ['explorer', 2880],
    ['basic', 15_000],
    ['standard', null],
  ] as const) {
    const { taken, limiter } = recording()
    await read('campaigns', null, { access_level }, { limiter })
    t.ok(taken.length > 0)
    for (const { limits } of taken) t.same(limits, calls === null ? [] : [{ calls, perMs: DAY_MS }])
  }
})

t.test('all who use a developer token share its limit, under a name that does not give it away', async t => {
  const { read, config } = await house(t)
  const { taken, limiter } = recording()
  await read('accounts', null, {}, { limiter })
  await read('accounts', null, { login_customer_id: '111-222-3333' }, { limiter })
  const keys = [...new Set(taken.map(({ key }) => key))]
  t.equal(keys.length, 1)
  for (const secret of ['developer_token', 'refresh_token', 'client_secret'])
    t.notOk(keys[0]!.includes(String(config[secret])))
})

t.test('where too much is asked within a moment, all wait for as long as Google says', async t => {
  const { read, platform } = await house(t)
  const { taken, limiter } = recording()
  const quota = { errorCode: { quotaError: 'RESOURCE_TEMPORARILY_EXHAUSTED' }, message: 'Too many requests.' }
  const details = { quotaErrorDetails: { rateScope: 'DEVELOPER', rateName: 'requests', retryDelay: '0.01s' } }
  const type = 'type.googleapis.com/google.ads.googleads.v25.errors.GoogleAdsFailure'
  platform.faults.order(/googleAds:search/, {
    status: 429,
    body: {
      error: {
        code: 429,
        message: 'Resource has been exhausted',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': type, errors: [{ ...quota, details }] }],
      },
    },
  })
  await read('accounts', null, {}, { limiter })
  t.same(
    taken.slice(0, 2).map(({ told }) => told),
    [{ pauseMs: 10 }, { pauseMs: 0 }],
  )
})
