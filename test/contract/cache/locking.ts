import type { Test } from 'tap'
import { type CacheLab, fresh, until } from './lab.ts'

const LONG = 3_600_000

export function locking(t: Test, lab: CacheLab): void {
  t.test('one holds a lock, the next one when it is released, with a higher token', async t => {
    const [one, two] = [await lab.open(), await lab.open()]
    const name = fresh()
    let token = 0
    for (let i = 0; i < 5; i++) {
      const [held, other] = i % 2 ? [one, two] : [two, one]
      const lock = await held.lock(name, LONG)
      t.equal(await other.lock(name, LONG), null)
      t.equal(await held.lock(name, LONG), null, 'not even for the same program twice')
      t.ok(lock!.isHeld())
      t.ok(Number.isSafeInteger(lock!.token))
      t.ok(lock!.token > token)
      token = lock!.token
      t.equal(await lock!.release(), true)
      t.notOk(lock!.isHeld())
      t.equal(await lock!.release(), false)
    }
    t.ok(await one.lock(fresh(), LONG), 'another name is another lock')
  })

  t.test('of many who want it at once one gets it', async t => {
    const programs = [await lab.open(), await lab.open()]
    const name = fresh()
    const locks = await Promise.all(Array.from({ length: 20 }, (_, i) => programs[i % 2]!.lock(name, LONG)))
    t.equal(locks.filter(lock => lock !== null).length, 1)
  })

  t.test(
    'a lock whose time is over is the next one’s, and the one before can neither hold nor release it',
    async t => {
      const [one, two] = [await lab.open(), await lab.open()]
      const name = fresh()
      const late = await one.lock(name, 30)
      const next = await until(() => two.lock(name, LONG))
      t.ok(next.token > late!.token)
      t.notOk(late!.isHeld())
      t.equal(await late!.extend(LONG), false)
      t.equal(await late!.release(), false)
      t.equal(await one.lock(name, LONG), null)
      t.ok(next.isHeld())
      t.equal(await next.release(), true)
    },
  )

  t.test('a lock that is extended outlives its first time', async t => {
    const [one, two] = [await lab.open(), await lab.open()]
    const name = fresh()
    const lock = await one.lock(name, 5_000)
    t.equal(await lock!.extend(LONG), true)
    t.equal(await lock!.extend(60), true)
    t.equal(
      (await until(() => two.lock(name, LONG))).token > lock!.token,
      true,
      'by the time it was given last',
    )
    t.equal(await lock!.extend(LONG), false)
    t.notOk(lock!.isHeld())
  })
}
