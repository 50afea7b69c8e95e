import t from 'tap'
import type { Tick } from '../../../engine/clock/tick.ts'
import { type StageContext, stage } from '../../../engine/stage/stage.ts'
import {
  type Click,
  click,
  clickKind,
  Folding,
  letters,
  type Note,
  note,
  noteKind,
  texts,
  tick,
} from './folding.ts'

const say = (ctx: StageContext, text: string) => ctx.emit('notes', noteKind, note(text), ['acme'])

/** Says which records it was given. */
const listener = (name: string) =>
  stage({
    name,
    version: 1,
    on: {
      click: (_: unknown, c: Click, ctx: StageContext) => say(ctx, `${name} ${c.n}`),
      note: (_: unknown, n: Note, ctx: StageContext) => say(ctx, `${name} ${n.text}`),
    },
  })

t.test('every stage of a row sees every record it has a handler for, in order', async t => {
  const folding = await Folding.of([listener('one'), listener('two')])
  t.strictSame(texts(folding.feed(click('ann', 1), click('ann', 2))), ['one 1', 'two 1', 'one 2', 'two 2'])
})

t.test('what a stage hands on goes to the stages after it and out at the end', async t => {
  const double = stage({
    name: 'double',
    version: 1,
    on: {
      click(_: unknown, c: Click, ctx) {
        ctx.hand(noteKind, note(`${c.n}a`))
        ctx.hand(noteKind, note(`${c.n}b`))
      },
    },
  })
  const folding = await Folding.of([listener('before'), double, listener('after')], { to: 'keyed' })
  const out = folding.feed(click('ann', 1))
  t.strictSame(texts(out.filter(o => o.topic === 'notes')), ['before 1', 'after 1a', 'after 1b', 'after 1'])
  const handed = out.filter(o => o.topic === 'keyed')
  t.strictSame(texts(handed), ['1a', '1b'], 'the record that was read does not come out')
  t.strictSame(handed[0]!.key, ['acme'])
  t.strictSame(folding.heard, ['handed on 2 note'])
})

t.test('a dropped record goes no further, what was handed on before does', async t => {
  const sieve = stage({
    name: 'sieve',
    version: 1,
    on: {
      click(_: unknown, c: Click, ctx) {
        if (c.n === 2) ctx.drop()
        if (c.n === 3) {
          ctx.hand(noteKind, note('kept'))
          ctx.drop()
        }
      },
    },
  })
  const folding = await Folding.of([sieve, listener('after')])
  t.strictSame(texts(folding.feed(click('ann', 1), click('ann', 2), click('ann', 3))), [
    'after 1',
    'after kept',
  ])
})

t.test('a rejected record is a dead letter of its stage and goes no further', async t => {
  const judge = stage({
    name: 'judge',
    version: 1,
    on: {
      click: (_: unknown, c: Click, ctx: StageContext) => {
        if (c.n < 0) ctx.reject(`n is ${c.n}`)
      },
    },
  })
  const folding = await Folding.of([judge, listener('after')])
  const out = folding.feed(click('ann', 1), click('ann', -2))
  t.strictSame(texts(out), ['after 1'])
  t.strictSame(letters(out), ['judge 1: n is -2'])
  t.strictSame(folding.heard, ['dead letter judge: n is -2'], 'it is no crash')
  t.match(out.at(-1)!.value, { origin: 'stratum.clicks/0@1', origin_event_id: 'ann--2', tenant_id: 'acme' })
})

t.test('a record sent again for one stage reaches no other', async t => {
  const folding = await Folding.of([listener('one'), listener('two')])
  t.strictSame(texts(folding.land(folding.unit([click('ann', 1)], { only: 'two' }))), ['two 1'])
  t.strictSame(
    texts(folding.land(folding.unit([click('ann', 2)], { only: 'work' }))),
    ['one 2', 'two 2'],
    'one sent again for the task reaches all of it',
  )
})

t.test('a record is forwarded as it is under another key, and broadcast to every partition', async t => {
  const route = stage({
    name: 'route',
    version: 1,
    reads: { click: ['tenant_id', 'who'] },
    on: {
      click: (_: unknown, c: Click, ctx: StageContext) => ctx.forward('keyed', [c.tenant_id, c.who]),
      tick: (_: unknown, _tick: Tick, ctx: StageContext) => ctx.broadcast('keyed'),
    },
  })
  const folding = await Folding.of([route])
  const out = folding.feed(click('ann', 7), tick(9))
  const forwarded = out.filter(o => o.kind === 'click')
  t.equal(forwarded.length, 1)
  t.strictSame(forwarded[0]!.key, ['acme', 'ann'])
  t.strictSame({ ...forwarded[0]!.value }, click('ann', 7), 'whole, though only two fields were read')
  t.strictSame(
    out
      .filter(o => o.kind === 'tick')
      .map(o => o.partition)
      .sort(),
    [0, 1],
  )
})

t.test('records forwarded lose the headers that sent them', async t => {
  const route = stage({
    name: 'route',
    version: 1,
    on: { click: (_: unknown, c: Click, ctx: StageContext) => ctx.forward('keyed', [c.tenant_id, c.who]) },
  })
  const folding = await Folding.of([route])
  const { appends } = folding.unit([click('ann', 7)], { only: 'route' })
  t.equal(appends![0]!.records[0]!.headers, undefined, 'the next task would take its own stages for others')
})

t.test('a record without a key has no state', async t => {
  const counting = stage({
    name: 'counting',
    version: 1,
    key: (c: Click) => (c.who === '' ? null : [c.tenant_id, c.who]),
    state: { version: 1, empty: () => ({ n: 0 }) },
    on: {
      click(state: { n: number } | undefined, c: Click, ctx) {
        say(ctx, state ? `${c.who} ${++state.n}` : 'nobody')
      },
    },
  })
  const folding = await Folding.of([counting])
  t.strictSame(texts(folding.feed(click('ann', 1), click('', 1), click('ann', 1))), [
    'ann 1',
    'nobody',
    'ann 2',
  ])
})

t.test('a stage is told where its record lies', async t => {
  const where = stage({
    name: 'where',
    version: 1,
    on: {
      click: (_: unknown, _c: Click, ctx: StageContext) => say(ctx, JSON.stringify(ctx.input)),
    },
  })
  const folding = await Folding.of([where], { partition: 1 })
  folding.feed(click('ann', 1))
  const [out] = folding.feed(click('ann', 2))
  t.strictSame(JSON.parse(String(out!.value.text)), {
    ...{ topic: 'stratum.clicks', partition: 1, partitions: 2 },
    offset: 1,
  })
  t.equal(out!.partition, 1, 'what follows from a partition has a partition of its own')
})

t.test('output inherits its time of ingest, and positions go with it', async t => {
  const folding = await Folding.of([listener('one')])
  const unit = folding.unit([click('ann', 1), click('ann', 2)])
  t.strictSame(unit.positions, [{ group: 'task.work', topic: 'stratum.clicks', partition: 0, next: 2 }])
  t.strictSame(
    unit.appends!.flatMap(a => a.records.map(r => r.time)),
    [5000, 5000],
  )
})

t.test('a batch of which nothing comes still moves the position', async t => {
  const folding = await Folding.of([stage({ name: 'deaf', version: 1, on: {} })])
  const unit = folding.unit([click('ann', 1)])
  t.strictSame(unit.appends, [])
  t.strictSame(unit.state, [])
  t.equal(unit.positions![0]!.next, 1)
})

t.test('state of batches that are not committed yet is there for the next', async t => {
  const counting = stage({
    name: 'counting',
    version: 1,
    key: (c: Click) => [c.tenant_id, c.who],
    state: { version: 1, empty: () => ({ n: 0 }) },
    on: {
      click(state: { n: number }, c: Click, ctx) {
        say(ctx, `${c.who} ${++state.n}`)
      },
    },
  })
  const folding = await Folding.of([counting], { forgetful: true })
  const units = [1, 2, 3].map(n => folding.unit([click('ann', n)]))
  t.strictSame(
    units.flatMap(unit => texts(folding.outputs(unit))),
    ['ann 1', 'ann 2', 'ann 3'],
  )
  for (const unit of units) folding.land(unit)
  const later = await Folding.of([counting], { state: folding.state })
  t.strictSame(texts(later.feed(click('ann', 4))), ['ann 4'], 'a restart finds it')
})

t.test('a set that a stage did not declare is said', async t => {
  const careless = stage({
    name: 'careless',
    version: 1,
    on: {
      click: (_: unknown, c: Click, ctx: StageContext) =>
        void ctx.first('ids', ['acme'], '2026-01-01', c.who, 0),
    },
  })
  const folding = await Folding.of([careless])
  t.strictSame(letters(folding.feed(click('ann', 1))), [
    'careless 0: crashed the stage 3 times: Stage careless declares no set ids.',
  ])
})

t.test('a set of a stage tells first from seen, over batches and restarts', async t => {
  const once = stage({
    name: 'once',
    version: 1,
    sets: { ids: { windowDays: 3 } },
    on: {
      click: (_: unknown, c: Click, ctx: StageContext) =>
        say(ctx, `${c.who} ${ctx.first('ids', [c.tenant_id], '2026-01-01', c.who, c.ingest_time)}`),
    },
  })
  const folding = await Folding.of([once], { forgetful: true })
  t.strictSame(texts(folding.feed(click('ann', 1), click('bob', 1), click('ann', 2))), [
    'ann new',
    'bob new',
    'ann seen',
  ])
  const later = await Folding.of([once], { state: folding.state })
  t.strictSame(texts(later.feed(click('bob', 3), click('cid', 1))), ['bob seen', 'cid new'])
})

t.test('records of another kind than a stage knows are left to those that do', async t => {
  const clicks = stage({
    name: 'clicks',
    version: 1,
    on: { click: (_: unknown, c: Click, ctx: StageContext) => say(ctx, `${c.n}`) },
  })
  const folding = await Folding.of([clicks, listener('both')], { to: 'keyed' })
  const out = folding.feed(note('a note'), click('ann', 1))
  t.strictSame(texts(out), ['both a note', '1', 'both 1'])
  t.strictSame(folding.counted, { 'both/acme': 2, 'clicks/acme': 1 })
  t.ok(out.every(o => o.kind !== clickKind.name))
})
