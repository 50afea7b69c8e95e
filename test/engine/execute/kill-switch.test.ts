import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { KillSwitchWatch } from '../../../engine/execute/kill-switch.ts'
import type { EventLog } from '../../../engine/log/port.ts'
import { house, SWITCHES } from './house.ts'

t.test('what is not known is engaged: before the first look, and five seconds after the last', async t => {
  const h = await house(t)
  const watch = h.watch()
  t.match(watch.engaged('acme'), /cannot be looked at/)
  t.equal(await watch.look('acme'), null, 'a tenant without a record')
  h.pass(5_000)
  t.equal(watch.engaged('acme'), null)
  h.pass(1)
  t.match(watch.engaged('acme'), /cannot be looked at/)
  t.equal(await watch.look('acme'), null)
})

t.test('a log that does not answer is a switch that is engaged', async t => {
  const h = await house(t)
  let away = false
  const log = new Proxy(h.log, {
    get(target, name) {
      if (name === 'bounds' && away) return () => Promise.reject(new Error('away'))
      const member = Reflect.get(target, name) as unknown
      return typeof member === 'function' ? member.bind(target) : member
    },
  }) as EventLog
  const told: unknown[] = []
  const watch = new KillSwitchWatch({
    ...{ log, codec: h.codec, topic: SWITCHES, partitions: 2, steady: h.clocks.steady },
    tell: error => told.push(error),
  })
  t.equal(await watch.look('acme'), null)
  away = true
  h.pass(10)
  t.equal(watch.engaged('acme'), null, 'what was seen ten milliseconds ago')
  t.match(await watch.look('acme'), /cannot be looked at/, 'and a look that fails')
  t.equal(told.length, 1)
})

t.test('the newest word of the fold counts, in whichever partition and order it is read', async t => {
  const h = await house(t)
  await h.say({ revision: 3, engaged: false }, 1)
  await h.say({ revision: 2, engaged: true }, 0)
  const watch = h.watch()
  t.equal(await watch.look('acme'), null)
  await h.say({ revision: 4, engaged: true, reason: 'tracking is broken' })
  t.equal(await watch.look('acme'), 'the kill switch is engaged: tracking is broken')
  t.equal(await watch.look('globex'), null, 'another tenant')
  await h.say({ tenant_id: '*', revision: 1 })
  t.equal(await watch.look('globex'), 'the kill switch of the installation is engaged')
  t.equal(await watch.look('acme', true), 'the kill switch of the installation is engaged')
  await h.say({ tenant_id: '*', revision: 2, engaged: false })
  t.equal(await watch.look('acme', true), null)
})

t.test('engaged directly, it holds until the fold has seen that command and releases it', async t => {
  const h = await house(t)
  const watch = h.watch()
  await h.say({ revision: 5, engaged: false, commands: '["c1"]' })
  await h.say({ revision: 0, commands: '["c2"]' }, 1)
  t.match(await watch.look('acme'), /engaged/)
  await h.say({ revision: 6, engaged: false, commands: '["c1"]' })
  t.match(await watch.look('acme'), /engaged/, 'a release that has not seen it')
  await h.say({ revision: 0, engaged: false, commands: '["c2"]', since: h.time.wall + 1 }, 1)
  t.match(await watch.look('acme'), /engaged/, 'nobody releases it but the fold')
  await h.say({ revision: 7, engaged: true, commands: '["c1","c2"]' })
  t.match(await watch.look('acme'), /engaged/)
  await h.say({ revision: 8, engaged: false, commands: '["c1","c2"]' })
  t.equal(await watch.look('acme'), null)
  const later = h.watch()
  t.equal(await later.look('acme'), null, 'one that begins now sees the same')
  await h.say({ revision: 0, commands: '["c3"]', since: h.time.wall - 60_000_000 }, 1)
  t.match(await watch.look('acme'), /engaged/, 'by somebody whose clock is behind')
})

t.test('many who ask at once share a look, and none is told by one that began before', async t => {
  const h = await house(t)
  let looks = 0
  const log = new Proxy(h.log, {
    get(target, name) {
      if (name === 'bounds')
        return async (topic: string, partition: number) => {
          const found = await target.bounds(topic, partition)
          if (partition === 0) looks++
          // Whoever is slow here has seen what was there before.
          await sleep(20)
          return found
        }
      const member = Reflect.get(target, name) as unknown
      return typeof member === 'function' ? member.bind(target) : member
    },
  }) as EventLog
  let steady = 0
  const watch = new KillSwitchWatch({
    ...{ log, codec: h.codec, topic: SWITCHES, partitions: 2, steady: () => steady++ },
    tell: error => t.fail(String(error)),
  })
  const first = watch.look('acme')
  await sleep(5)
  await h.say({})
  const after = await Promise.all(Array.from({ length: 50 }, () => watch.look('acme')))
  t.ok(after.every(said => said !== null))
  await first
  t.ok(looks <= 3, `${looks} looks for 51 questions`)
})
