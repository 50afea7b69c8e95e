import t from 'tap'
import shop, { makeShop } from '../../../connectors/shop/index.ts'
import { timeBy } from '../../../connectors/shop/time.ts'
import { systemClock } from '../../../engine/clock/clock.ts'
import { validate } from '../../../engine/config/index.ts'
import { sourceContext } from '../../../engine/source/context.ts'

const settings = (given: unknown) => validate(shop.spec, given, 'configuration of shop')

t.test('nothing has to be set', async t => {
  t.strictSame(settings({}), {
    seed: 'stratum',
    currency: 'USD',
    historyDays: 90,
    sessionsPerDay: 170,
    live: false,
    eventsPerSecond: 3,
  })
})

for (const [given, said] of [
  [{ historyDays: -1 }, '/historyDays must be >= 0'],
  [{ historyDays: 1.5 }, '/historyDays must be integer'],
  [{ historyDays: '90' }, '/historyDays must be integer'],
  [{ sessionsPerDay: 0 }, '/sessionsPerDay must be >= 1'],
  [{ eventsPerSecond: 1000 }, '/eventsPerSecond must be <= 200'],
  [{ currency: 'euro' }, '/currency must match pattern'],
  [{ seed: '' }, '/seed must'],
  [{ historydays: 3 }, 'historyDays'],
] as const)
  t.test(`${JSON.stringify(given)} is refused by name`, async t => {
    t.throws(() => settings(given), { code: 'CONFIG_INVALID' })
    try {
      settings(given)
    } catch (error) {
      const { message } = error as Error
      t.ok(message.startsWith('configuration of shop: '), message)
      t.ok(message.includes(said), message)
      t.notMatch(message, /\n/)
    }
  })

t.test('a currency that is none was read, and every report became a dead letter', async t => {
  const config = settings({ currency: 'ZZZ' }) as never
  const said = { kind: 'config', message: "/currency: 'ZZZ' is not an ISO 4217 currency" }
  await t.rejects(shop.check(sourceContext({ config })), said)
  for (const stream of ['events', 'ad_reports']) {
    const read = shop.read(stream, { ...sourceContext({ config }), state: null })
    await t.rejects(read[Symbol.asyncIterator]().next(), said)
  }
})

t.test('a stop ends the wait for the next report at once, which is minutes away', async t => {
  const stop = new AbortController()
  let waits = 0
  const real = timeBy({ now: systemClock })
  const time = {
    now: real.now,
    wait(ms: number, signal: AbortSignal) {
      waits++
      setImmediate(() => stop.abort())
      return real.wait(Math.max(ms, 600_000), signal)
    },
  }
  const config = settings({ live: true, historyDays: 0, eventsPerSecond: 0, sessionsPerDay: 1 }) as never
  for (const stream of ['events', 'ad_reports'])
    for await (const _ of makeShop(time).read(stream, {
      ...sourceContext({ config, signal: stop.signal }),
      state: null,
    }));
  t.equal(waits, 1, 'and what begins after it does not begin')
})
