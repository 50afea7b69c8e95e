import t from 'tap'
import { stage } from '../../../engine/stage/stage.ts'
import { type Click, click, Folding, note, noteKind, texts, tick } from './folding.ts'

interface Visit {
  clicks: number
  last: number
  told: number
}

const MINUTE = 60

/** A visit is over half an hour after its last click; late clicks revise it. */
const visits = (more: { forget?: boolean; ticks?: 'all' | 'touched'; again?: boolean } = {}) =>
  stage({
    name: 'visits',
    version: 1,
    key: (c: Click) => [c.tenant_id, c.who],
    state: { version: 1, empty: (): Visit => ({ clicks: 0, last: 0, told: 0 }) },
    on: {
      click(visit: Visit, { n }: Click) {
        visit.clicks++
        visit.last = Math.max(visit.last, n)
      },
    },
    ticks: more.ticks ?? 'touched',
    tick(visit, { watermark }, ctx) {
      const over = watermark >= visit.last + 30 * MINUTE
      if (!over && more.again !== false) ctx.again()
      const revision = 2 * visit.clicks + (over ? 1 : 0)
      if (revision !== visit.told)
        ctx.emit(
          'notes',
          noteKind,
          note(`${ctx.key[1]}: ${visit.clicks} ${over ? 'over' : 'open'}`, ctx.key[0]),
          ctx.key,
        )
      visit.told = revision
      if (over && more.forget) ctx.forget()
    },
  })

t.test('time that passes is a record: a visit is over at the first tick beyond its time-out', async t => {
  const folding = await Folding.of([visits()])
  folding.feed(click('ann', 0), click('ann', 10 * MINUTE))
  t.strictSame(texts(folding.feed(tick(20 * MINUTE))), ['ann: 2 open'])
  t.strictSame(texts(folding.feed(tick(39 * MINUTE))), [], 'nothing changed')
  t.strictSame(texts(folding.feed(tick(40 * MINUTE))), ['ann: 2 over'], 'nothing came, but time')
  t.strictSame(texts(folding.feed(tick(90 * MINUTE))), [], 'it is not looked at again')
})

t.test('late data revises what was over, it is not dropped', async t => {
  const folding = await Folding.of([visits()])
  t.strictSame(texts(folding.feed(click('ann', 0), tick(60 * MINUTE))), ['ann: 1 over'])
  t.strictSame(texts(folding.feed(click('ann', 5 * MINUTE), tick(61 * MINUTE))), ['ann: 2 over'])
  t.strictSame(
    texts(folding.feed(click('ann', 50 * MINUTE), tick(62 * MINUTE))),
    ['ann: 3 open'],
    'a late click can open it again',
  )
  t.strictSame(texts(folding.feed(tick(80 * MINUTE))), ['ann: 3 over'])
})

t.test('only keys that changed are looked at, unless they ask again', async t => {
  const folding = await Folding.of([visits({ again: false })])
  t.strictSame(texts(folding.feed(click('ann', 0), click('bob', 0), tick(1))), ['ann: 1 open', 'bob: 1 open'])
  t.strictSame(texts(folding.feed(click('bob', 1), tick(60 * MINUTE))), ['bob: 2 over'], 'ann did not ask')
})

t.test('a state that a tick leaves as it was is not written again', async t => {
  const told = (isSame: boolean) =>
    stage({
      name: 'counts',
      version: 1,
      key: (c: Click) => [c.tenant_id, c.who],
      state: { version: 1, empty: () => ({ clicks: 0 }) },
      on: {
        click(state: { clicks: number }) {
          state.clicks++
        },
      },
      ticks: 'all',
      tick(state, _, ctx) {
        ctx.emit('notes', noteKind, note(String(state.clicks), 'acme'), ctx.key)
        state.clicks = 99
        if (isSame) ctx.unchanged()
      },
    })
  for (const [isSame, then] of [
    [true, '1'],
    [false, '99'],
  ] as const) {
    // Forgetful: what was not written is gone.
    const folding = await Folding.of([told(isSame)], { forgetful: true })
    folding.feed(click('ann', 0))
    t.strictSame(texts(folding.feed(tick(1))), ['1'])
    t.strictSame(texts(folding.feed(tick(2))), [then])
  }
})

t.test('with ticks for all, every key of the tenant is looked at', async t => {
  const folding = await Folding.of([visits({ ticks: 'all', again: false })])
  folding.feed(click('bob', 0), click('ann', 0), click('zoe', 0, 'other'), tick(1))
  t.strictSame(texts(folding.feed(tick(60 * MINUTE))), ['ann: 1 over', 'bob: 1 over'], 'in the order of keys')
  t.strictSame(
    texts(folding.feed(tick(60 * MINUTE, 'other'))),
    ['zoe: 1 over'],
    'each tenant has its own time',
  )
})

t.test('what a tick forgets begins anew', async t => {
  const folding = await Folding.of([visits({ forget: true })], { forgetful: true })
  t.strictSame(texts(folding.feed(click('ann', 0), tick(60 * MINUTE))), ['ann: 1 over'])
  t.notOk(
    [...folding.state.map.keys()].some(key => key.includes('ann')),
    'nothing of it is kept',
  )
  t.strictSame(texts(folding.feed(click('ann', 1), tick(61 * MINUTE))), ['ann: 1 over'])
})

t.test('where ticks fall between batches, and restarts between ticks, changes nothing', async t => {
  const inputs = [
    click('ann', 0),
    click('bob', 3),
    tick(5),
    click('ann', 7),
    tick(31 * MINUTE),
    click('bob', 4),
    click('cid', 9),
    tick(32 * MINUTE),
    tick(99 * MINUTE),
  ]
  const whole = texts((await Folding.of([visits()])).feed(...inputs))
  t.equal(whole.length, 6)
  for (let cut = 1; cut < inputs.length; cut++) {
    const before = await Folding.of([visits()], { forgetful: cut % 2 === 0 })
    const first = texts(before.feed(...inputs.slice(0, cut)))
    const after = await Folding.of([visits()], { state: before.state, cachedKeys: 1 })
    t.strictSame([...first, ...texts(after.feed(...inputs.slice(cut)))], whole, `cut before ${cut}`)
  }
})
