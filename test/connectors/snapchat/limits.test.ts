import t from 'tap'
import { limitsOf } from '../../../connectors/snapchat/api/limits.ts'
import type { Settings } from '../../../connectors/snapchat/settings.ts'
import type { Taken, Told } from '../../../engine/source/limits/limiter.ts'
import type { Answer } from '../../../plugins/http/index.ts'
import type { FromSchema } from '../../../plugins/schema.ts'
import { virtualTime } from '../../support/virtual-time.ts'
import { house, NOW, world } from './support.ts'

t.test(
  'a sync uses ten requests a second and is never refused one, though answers take their time',
  async t => {
    const time = virtualTime(150)
    t.teardown(() => time.end())
    const { read, platform } = await house(t, {
      limited: true,
      world: world({ campaigns: 100, adsets: 1, ads: 1 }),
      time,
    })
    const { limiter } = time
    const found = await read('ad_reports', null, { history_days: 3 }, { limiter })
    t.equal(found.records.length, 300)
    t.equal(platform.tokenLimits.refused + platform.appLimits.refused, 0)
    const calls = platform.requests.length
    t.ok(calls > 100)
    // Ten in a second, and their way: one after the other they would take more than twice as long.
    t.ok(time.now() < (calls / 10) * 1300 * 1.6, `${calls} calls in ${time.now()} ms`)
  },
)

t.test('what the platform says of its limit is heeded', async t => {
  const told: (Told | undefined)[] = []
  const limiter = {
    take: async (): Promise<Taken> => ({ done: said => void told.push(said) }),
  }
  const headersOf = (headers: Readonly<Record<string, string>>) =>
    ({ header: name => headers[name] ?? null }) as Answer as Answer
  const context = { limiter, signal: new AbortController().signal } as never
  for (const headers of [
    {},
    { 'x-rate-limit-remaining': '3', 'x-rate-limit-reset': String(NOW / 1e6 + 5) },
    { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': String(NOW / 1e6 + 5) },
    { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': String(NOW / 1e6 + 500_000) },
    { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': 'soon' },
  ]) {
    const settings = { client_id: 'app', refresh_token: 'secret-token' } as FromSchema<typeof Settings>
    for (const part of limitsOf(settings, () => NOW))
      (await part.admit!({ path: 'x' }, context))(headersOf(headers))
  }
  t.same(
    told.map(said => said?.pauseMs),
    [0, 0, 0, 0, 5000, 5000, 60_000, 60_000, 0, 0],
  )
})

t.test('limits are kept under names that give no secret away', async t => {
  const keys: string[] = []
  const limiter = {
    take: async (key: string): Promise<Taken> => {
      keys.push(key)
      return { done: () => {} }
    },
  }
  const { read, config } = await house(t)
  await read('accounts', null, {}, { limiter })
  t.match(new Set(keys).size, 2)
  t.notOk(
    keys.some(
      key => key.includes(String(config.refresh_token)) || key.includes(String(config.client_secret)),
    ),
  )
})
