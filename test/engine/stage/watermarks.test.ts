import t from 'tap'
import { stage } from '../../../engine/stage/stage.ts'
import { type Click, click, Folding, note, noteKind, texts, tick } from './folding.ts'

/** Says the time it is given, for everybody it knows. */
const clock = stage({
  name: 'clock',
  version: 1,
  key: (c: Click) => [c.tenant_id, c.who],
  state: { version: 1, empty: () => ({ seen: true }) },
  on: { click() {} },
  ticks: 'all',
  tick(_, { watermark, event_time }, ctx) {
    ctx.emit('notes', noteKind, note(`${ctx.key[0]} ${watermark} at ${event_time}`), ['acme'])
  },
})

t.test('a connection that reads history set the time of its tenant back', async t => {
  const folding = await Folding.of([clock])
  folding.feed(click('ann', 1), click('zoe', 1, 'other'))
  t.strictSame(texts(folding.feed(tick(500), tick(20), tick(30))), [
    'acme 500 at 500',
    'acme 500 at 20',
    'acme 500 at 30',
  ])
  t.strictSame(texts(folding.feed(tick(40, 'other'))), ['other 40 at 40'], 'each tenant has its own')
  t.strictSame(texts(folding.feed(tick(501))), ['acme 501 at 501'], 'and it goes on')
})

t.test('how far time has come outlasts batches, restarts and crashes', async t => {
  for (const forgetful of [false, true]) {
    const folding = await Folding.of([clock], { forgetful })
    const units = [folding.unit([click('ann', 1), tick(500)]), folding.unit([tick(20)])]
    t.strictSame(texts(folding.outputs(units[1]!)), ['acme 500 at 20'], 'before anything is committed')
    for (const unit of units) folding.land(unit)
    const later = await Folding.of([clock], { state: folding.state })
    t.strictSame(texts(later.feed(tick(30))), ['acme 500 at 30'], 'after a restart')
  }
  let fails = 1
  const failing = stage({
    name: 'failing',
    version: 1,
    on: {
      note() {
        if (fails-- > 0) throw new Error('once')
      },
    },
  })
  const folding = await Folding.of([clock, failing])
  t.strictSame(texts(folding.feed(click('ann', 1), tick(500), note('x'), tick(20))), [
    'acme 500 at 500',
    'acme 500 at 20',
  ])
})
