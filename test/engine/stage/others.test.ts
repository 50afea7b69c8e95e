import t from 'tap'
import { type StageContext, stage } from '../../../engine/stage/stage.ts'
import { type Click, click, Folding, note, noteKind, texts } from './folding.ts'

interface Friends {
  of: string[]
}

const keyOf = (who: string, tenant = 'acme') => [tenant, who]

/** Everybody whose name is clicked becomes a friend of Ann: her state changes at the records of others. 0: all of it goes. */
const friends = stage({
  name: 'friends',
  version: 1,
  key: (c: Click) => keyOf(c.who),
  state: { version: 1, empty: (): Friends => ({ of: [] }) },
  on: {
    click(_: Friends, c: Click, ctx: StageContext) {
      ctx.unchanged()
      const ann = ctx.other<Friends>(keyOf('ann', c.n > 10 ? 'other' : 'acme'))
      if (c.n === 0) return ctx.forgetOther(keyOf('ann'))
      ann.of.push(c.who)
      ctx.otherChanged(keyOf('ann'))
      ctx.emit('notes', noteKind, note(ann.of.join(' ')), ['acme'])
    },
  },
})

t.test('a stage changes its state at another key: kept like its own, wherever batches end', async t => {
  const story = [click('ben', 1), click('cem', 2), click('ann', 3), click('ben', 0), click('dora', 4)]
  const said = ['ben', 'ben cem', 'ben cem ann', 'dora']
  const whole = await Folding.of([friends])
  t.strictSame(texts(whole.feed(...story)), said)
  const apart = await Folding.of([friends], { forgetful: true })
  t.strictSame(
    story.flatMap(c => texts(apart.feed(c))),
    said,
  )
  t.strictSame([...apart.state.map], [...whole.state.map])
})

t.test('the state of another tenant is none of its business', async t => {
  const folding = await Folding.of([friends])
  t.strictSame(texts(folding.feed(click('ben', 1), click('cem', 11), click('dora', 2))).slice(0, 1), ['ben'])
  t.match(folding.heard, ['dead letter friends: Stage friends may look at the state of acme, not of other.'])
  t.strictSame(texts(folding.feed(click('eva', 3))), ['ben dora eva'], 'what went before and after it counts')
})
