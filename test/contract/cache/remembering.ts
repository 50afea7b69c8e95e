import fc from 'fast-check'
import type { Test } from 'tap'
import { type CacheLab, fresh, until } from './lab.ts'

const LONG = 3_600_000

export function remembering(t: Test, lab: CacheLab): void {
  t.test('a value is read as it was set, by every program', async t => {
    const [one, two] = [await lab.open(), await lab.open()]
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async value => {
        const key = fresh()
        t.equal(await two.get(key), null)
        t.equal(await one.set(key, value, LONG), true)
        t.equal(await two.get(key), value)
        await two.set(key, `${value}!`, LONG)
        t.equal(await one.get(key), `${value}!`)
        await one.delete(key)
        await one.delete(key)
        t.equal(await two.get(key), null)
      }),
      { numRuns: 30 },
    )
  })

  t.test('a value is gone after its time', async t => {
    const cache = await lab.open()
    const key = fresh()
    await cache.set(key, 'short', 50)
    await until(async () => (await cache.get(key)) === null)
    await cache.set(key, 'short', 1)
    await cache.set(key, 'long', LONG)
    await cache.set(fresh(), 'another', 50)
    t.equal(await cache.get(key), 'long', 'its time is that of who has set it last')
  })

  t.test('what is of one kind is not taken for another', async t => {
    const cache = await lab.open()
    const name = fresh()
    await cache.set(name, 'value', LONG)
    t.equal((await cache.take(name, { perSecond: 1, burst: 1 })).allowed, true)
    t.ok(await cache.lock(name, LONG))
    await cache.sessions.put(name, 'id', 'data', LONG)
    t.equal(await cache.get(name), 'value')
  })

  t.test('nothing is answered once it is closed', async t => {
    const cache = await lab.alone()
    await cache.set(fresh(), 'value', LONG)
    await cache.close()
    await cache.close()
    await t.rejects(cache.lock(fresh(), 1000), { code: 'STORE_UNAVAILABLE', message: /closed/ })
    await t.rejects(cache.sessions.get('a', 'b'), { code: 'STORE_UNAVAILABLE', message: /closed/ })
  })
}
