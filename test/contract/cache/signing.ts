import type { Test } from 'tap'
import { type CacheLab, fresh, until } from './lab.ts'

const LONG = 3_600_000

export function signing(t: Test, lab: CacheLab): void {
  t.test('sessions are those of their owner, and end one by one or all at once', async t => {
    const [one, two] = [(await lab.open()).sessions, (await lab.open()).sessions]
    const [ann, bob] = [fresh(), fresh()]
    await one.put(ann, 'b', '{"device": "desk"}', LONG)
    await one.put(ann, 'a', 'two\nlines: and ünicode', LONG)
    await two.put(bob, 'a', "bob's", LONG)
    t.equal(await two.get(ann, 'a'), 'two\nlines: and ünicode')
    t.equal(await one.get(bob, 'a'), "bob's")
    t.equal(await one.get(bob, 'b'), null)
    t.same(await two.list(ann), ['a', 'b'])
    await two.put(ann, 'b', '', LONG)
    t.equal(await one.get(ann, 'b'), '')
    t.equal(await one.end(ann, 'b'), '')
    t.equal(await one.get(ann, 'b'), null)
    await one.put(ann, 'c', '', LONG)
    t.equal(await two.endAll(ann), 2)
    t.equal(await two.endAll(ann), 0)
    t.same(await one.list(ann), [])
    t.same(await one.list(bob), ['a'])
  })

  t.test('what can be used once is used once', async t => {
    const programs = [(await lab.open()).sessions, (await lab.open()).sessions]
    const owner = fresh()
    await programs[0]!.put(owner, 'token', 'data', LONG)
    const ended = await Promise.all(
      Array.from({ length: 20 }, (_, i) => programs[i % 2]!.end(owner, 'token')),
    )
    t.same(
      ended.filter(data => data !== null),
      ['data'],
    )
  })

  t.test('a session ends by itself, and those beside it do not', async t => {
    const { sessions } = await lab.open()
    const owner = fresh()
    await sessions.put(owner, 'long', 'kept', LONG)
    await sessions.put(owner, 'short', 'gone', 50)
    await until(async () => (await sessions.get(owner, 'short')) === null)
    t.equal(await sessions.end(owner, 'short'), null)
    t.same(await sessions.list(owner), ['long'])
    await sessions.put(owner, 'short', 'again', 20)
    await until(async () => (await sessions.list(owner)).length === 1)
    await sessions.put(owner, 'long', 'shorter', 20)
    await until(async () => (await sessions.list(owner)).length === 0)
    t.equal(await sessions.endAll(owner), 0)
  })
}
