import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { FULL, type MetaLimits } from '../../../connectors/meta/simulator/usage.ts'
import { LocalLimiter } from '../../../engine/source/limits/limiter.ts'
import { connected } from './support.ts'

/** The points of the tier `limited`, within a time that a test has. */
const SHORT: MetaLimits = { ...FULL, points: 60, pointsMs: 300_000, blockMs: 300_000 }

t.test('the points of an account are used up and never exceeded', async t => {
  const c = await connected(t, {
    limits: SHORT,
    config: { access_tier: 'limited' },
    context: { limiter: new LocalLimiter() },
  })
  const stop = new AbortController()
  const read = (async () => {
    for (;;)
      for (const stream of ['campaigns', 'adsets', 'ads'])
        await c.batches(stream, null, { signal: stop.signal })
  })()
  // Where all are spent, the next call waits for minutes: it is left there.
  const calls = () => [...c.simulator.gate.calls.values()].reduce((sum, n) => sum + n, 0)
  while (calls() < 59) await sleep(10)
  await sleep(200)
  stop.abort(new Error('enough'))
  await t.rejects(read, /enough/)
  t.equal(c.simulator.usage!.refused, 0)
  // Meta says two decimals of a percent: a call may be lost to what they leave open.
  t.ok(calls() <= 60, `${calls()} of 60 calls`)
})

t.test('others that use the same account are made room for, by what Meta’s headers say', async t => {
  const c = await connected(t, {
    limits: SHORT,
    config: { access_tier: 'limited' },
    context: { limiter: new LocalLimiter() },
  })
  const account = c.simulator.store.accounts[0]!.id
  for (let i = 0; i < 40; i++) c.simulator.usage!.count(account, 'ads_management', 1)
  const stop = new AbortController()
  const read = (async () => {
    for (;;) await c.batches('campaigns', null, { signal: stop.signal })
  })()
  const calls = () => [...c.simulator.gate.calls.values()].reduce((sum, n) => sum + n, 0)
  while (calls() < 15) await sleep(10)
  await sleep(200)
  stop.abort(new Error('enough'))
  await t.rejects(read, /enough/)
  t.equal(c.simulator.usage!.refused, 0)
  t.ok(calls() <= 20, `${calls()} of the 20 that were left`)
})

t.test('over its limits, Meta says how long to wait', async t => {
  const c = await connected(t, { limits: { ...SHORT, points: 2 } })
  await t.rejects(c.batches('ad_reports'), {
    kind: 'retryable',
    retryAfterMs: 300_000,
    message: /17\/2446079/,
  })
  const hourly = await connected(t, { limits: { ...FULL, ads_insights: 1 } })
  await t.rejects(hourly.batches('ad_reports'), {
    kind: 'retryable',
    retryAfterMs: 3_600_000,
    message: /80000/,
  })
})
