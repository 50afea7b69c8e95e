import fc from 'fast-check'
import t from 'tap'
import { type InForce, nothingSaid, supersede } from '../../../pipelines/current/model.ts'

type Saying = Pick<InForce, 'as_of' | 'ingest_time' | 'event_id' | 'content'>

const saying = fc.record({
  as_of: fc.integer({ min: 1, max: 5 }),
  ingest_time: fc.integer({ min: 1, max: 3 }),
  event_id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  content: fc.constantFrom('x', 'y', 'z'),
})

/** The same saying has the same id: an id stands for its content and its time. */
const sayings = fc
  .uniqueArray(saying, { selector: s => s.event_id, maxLength: 6 })
  .chain(all => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))

t.test('what is in force does not depend on the order in which it is heard', async t => {
  const after = (all: readonly Saying[]) => {
    const state = nothingSaid()
    for (const s of all) supersede(state, s)
    return { as_of: state.as_of, content: state.content, event_id: state.event_id }
  }
  fc.assert(
    fc.property(sayings, ([one, other]) => {
      t.same(after(one), after(other))
    }),
  )
})

t.test('a revision is a change; saying the same again, or late, is none', async t => {
  const state = nothingSaid()
  const say = (as_of: number, content: string) =>
    supersede(state, { as_of, ingest_time: 1, event_id: `${as_of}${content}`, content })
  t.ok(say(5, ''))
  t.notOk(say(6, ''), 'also when nothing is what it says')
  t.ok(say(7, 'x'))
  t.notOk(say(4, 'y'), 'older')
  t.ok(say(8, ''), 'back again is a change')
  t.equal(state.revision, 3)
})
