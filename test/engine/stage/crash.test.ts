import t from 'tap'
import { type StageContext, stage } from '../../../engine/stage/stage.ts'
import { type Click, click, Folding, letters, note, noteKind, texts, tick } from './folding.ts'

interface Sum {
  sum: number
}

/** Sums the clicks of each person; crashes where `poison` says so. */
const sums = (name: string, poison: (click: Click, state: Sum) => boolean) =>
  stage({
    name,
    version: 1,
    key: (c: Click) => [c.tenant_id, c.who],
    state: { version: 1, empty: (): Sum => ({ sum: 0 }) },
    on: {
      click(state: Sum, c: Click, ctx) {
        state.sum += c.n
        ctx.emit('notes', noteKind, note(`${name} ${c.who} ${state.sum}`), [c.tenant_id])
        // After it has changed its state and said so: both must be taken back.
        if (poison(c, state)) throw new Error(`${name} cannot take ${c.n}`)
      },
    },
  })

t.test('a record that crashes its stage three times is a dead letter, the others are kept', async t => {
  const folding = await Folding.of([sums('add', c => c.n === 13)])
  const out = folding.feed(click('ann', 1), click('ann', 13), click('bob', 2), click('ann', 4))
  t.strictSame(texts(out), ['add ann 1', 'add bob 2', 'add ann 5'])
  t.strictSame(letters(out), ['add 1: crashed the stage 3 times: add cannot take 13'])
  t.strictSame(folding.heard, [
    'crash add 1',
    'crash add 2',
    'crash add 3',
    'dead letter add: crashed the stage 3 times: add cannot take 13',
  ])
  t.strictSame(folding.counted, { 'add/acme': 3 }, 'tries are not counted twice')
  t.strictSame(texts(folding.feed(click('ann', 1))), ['add ann 6'], 'its state is what the good rows made')
})

t.test('the letter of a crash has the record, its place and what became of it', async t => {
  const folding = await Folding.of([sums('add', c => c.n === 13)])
  folding.feed(click('ann', 1))
  const [letter] = folding.feed(click('ann', 13))
  t.match(letter, {
    topic: 'deadletters',
    key: ['acme', String(letter!.value.event_id)],
    value: {
      tenant_id: 'acme',
      stage: 'add',
      origin: 'stratum.clicks/0@1',
      origin_topic: 'stratum.clicks',
      origin_partition: 0,
      origin_offset: 1,
      origin_event_id: 'ann-13',
      payload_ref: null,
    },
  })
  t.equal((letter!.value.payload as Buffer).length, letter!.value.payload_bytes)
})

t.test('several poisonous records of one batch are dead letters each', async t => {
  const folding = await Folding.of([sums('add', c => c.n > 10)])
  const out = folding.feed(
    click('ann', 11),
    click('ann', 1),
    click('bob', 12),
    click('ann', 13),
    click('bob', 3),
  )
  t.strictSame(texts(out), ['add ann 1', 'add bob 3'])
  t.equal(letters(out).length, 3)
})

t.test('a record that crashes one stage still reaches the others', async t => {
  const stages = [sums('one', c => c.n === 13), sums('two', () => false)]
  const folding = await Folding.of(stages)
  const out = folding.feed(click('ann', 13), click('ann', 1))
  t.strictSame(texts(out), ['two ann 13', 'one ann 1', 'two ann 14'])
  t.strictSame(letters(out), ['one 0: crashed the stage 3 times: one cannot take 13'])
})

t.test('a record that crashed two stages of a row was tried again without end', async t => {
  const stages = ['one', 'two', 'three'].map(name => sums(name, c => c.n === 13))
  const folding = await Folding.of(stages)
  const out = folding.feed(click('ann', 1), click('ann', 13), click('ann', 2))
  t.strictSame(texts(out), ['one ann 1', 'two ann 1', 'three ann 1', 'one ann 3', 'two ann 3', 'three ann 3'])
  t.strictSame(letters(out), [
    'one 1: crashed the stage 3 times: one cannot take 13',
    'two 1: crashed the stage 3 times: two cannot take 13',
    'three 1: crashed the stage 3 times: three cannot take 13',
  ])
})

t.test(
  'a record that was handed on ends with the stage it crashes, the one it came from is the letter',
  async t => {
    const make = stage({
      name: 'make',
      version: 1,
      on: {
        click: (_: unknown, c: Click, ctx: StageContext) => ctx.hand(noteKind, note(`${c.n}`)),
      },
    })
    const check = stage({
      name: 'check',
      version: 1,
      on: {
        note(_: unknown, { text }: { text: string }) {
          if (text === '13') throw new Error('unlucky')
        },
      },
    })
    const folding = await Folding.of([make, check], { to: 'keyed' })
    const out = folding.feed(click('ann', 12), click('ann', 13), click('ann', 14))
    t.strictSame(texts(out), ['12', '14'])
    t.strictSame(letters(out), ['check 1: crashed the stage 3 times: unlucky'])
    t.ok(folding.heard.includes('handed on 2 note'))
  },
)

t.test('one key whose state crashes at every tick does not keep the others from their ticks', async t => {
  const watch = stage({
    name: 'watch',
    version: 1,
    key: (c: Click) => [c.tenant_id, c.who],
    state: { version: 1, empty: (): Sum => ({ sum: 0 }) },
    on: {
      click(state: Sum, c: Click) {
        state.sum += c.n
      },
    },
    ticks: 'touched',
    tick(state, tick, ctx) {
      if (state.sum === 13) throw new Error('unlucky')
      ctx.emit('notes', noteKind, note(`${ctx.key[1]} ${state.sum} at ${tick.watermark}`), [...ctx.key])
    },
  })
  const folding = await Folding.of([watch])
  const out = folding.feed(click('ann', 1), click('bob', 13), click('cid', 2), tick(60))
  t.strictSame(texts(out), ['ann 1 at 60', 'cid 2 at 60'])
  t.strictSame(letters(out), ['watch 3: crashed the stage 3 times: unlucky (at the tick of bob)'])
  t.strictSame(texts(folding.feed(click('bob', 1), tick(70))), ['bob 14 at 70'], 'it is looked at again')
})

t.test('a tick that crashes for many keys is left out for all of them, after few tries', async t => {
  let tries = 0
  const broken = stage({
    name: 'broken',
    version: 1,
    key: (c: Click) => [c.tenant_id, c.who],
    state: { version: 1, empty: (): Sum => ({ sum: 0 }) },
    on: { click() {} },
    ticks: 'all',
    tick() {
      tries++
      throw new Error('wrong')
    },
  })
  const folding = await Folding.of([broken, sums('add', () => false)])
  const people = Array.from({ length: 200 }, (_, i) => click(`p${i}`, 1))
  const out = folding.feed(...people, tick(60), click('p0', 1))
  t.strictSame(letters(out), ['broken 200: crashed the stage 3 times: wrong'])
  t.equal(texts(out).length, 201)
  t.ok(tries < 100, `${tries} tries`)
})

t.test('bytes that are no record are a dead letter of their task', async t => {
  const folding = await Folding.of([sums('add', () => false)])
  const out = folding.feed(click('ann', 1), Buffer.from('rubbish'), click('ann', 2))
  t.strictSame(texts(out), ['add ann 1', 'add ann 3'])
  t.match(letters(out), [/^work 1: The value is not in the Confluent wire format/])
})
