import t from 'tap'
import { stage } from '../../../engine/stage/stage.ts'
import type { StateSchema } from '../../../engine/state/keyed.ts'
import { type Click, click, Folding, note, noteKind, texts } from './folding.ts'

/** A stage whose state has the given schema; it says the state it has after each click. */
const counting = <S extends object>(state: StateSchema<S>, add: (state: S) => void) =>
  stage({
    name: 'counting',
    version: 1,
    key: (c: Click) => [c.tenant_id, c.who],
    state,
    on: {
      click(value: S, c: Click, ctx) {
        add(value)
        ctx.emit('notes', noteKind, note(`${c.who} ${JSON.stringify(value)}`), [c.tenant_id])
      },
    },
  })

const first = counting({ version: 1, empty: () => ({ n: 0 }) }, s => void s.n++)
const migrating = (seen: unknown[] = []) =>
  counting(
    {
      version: 3,
      empty: () => ({ clicks: 0, since: 'now' }),
      migrate(old, from) {
        seen.push([old, from])
        return { clicks: (old as { n: number }).n, since: 'then' }
      },
    },
    s => void s.clicks++,
  )
const unmigrated = counting({ version: 2, empty: () => ({ clicks: 0 }) }, s => void s.clicks++)

async function filled() {
  const folding = await Folding.of([first])
  folding.feed(click('ann', 1), click('ann', 2), click('bob', 1))
  return folding.state
}

t.test('state of an older version is migrated when its key is next read', async t => {
  const state = await filled()
  const seen: unknown[] = []
  const folding = await Folding.of([migrating(seen)], { state })
  t.strictSame(texts(folding.feed(click('ann', 3), click('ann', 4), click('cid', 1))), [
    'ann {"clicks":3,"since":"then"}',
    'ann {"clicks":4,"since":"then"}',
    'cid {"clicks":1,"since":"now"}',
  ])
  t.strictSame(seen, [[{ n: 2 }, 1]], 'once, with the version it was of; bob is left as he is')
  const again = await Folding.of([migrating(seen)], { state })
  t.strictSame(texts(again.feed(click('ann', 5), click('bob', 2))), [
    'ann {"clicks":5,"since":"then"}',
    'bob {"clicks":2,"since":"then"}',
  ])
  t.equal(seen.length, 2, 'what was migrated was written so')
})

t.test('state of an older version is refused where nothing migrates it, never misread', async t => {
  const state = await filled()
  const before = new Map(state.map)
  const folding = await Folding.of([unmigrated], { state })
  t.throws(() => folding.unit([click('cid', 1), click('ann', 3)]), {
    code: 'STATE_VERSION',
    message:
      'State of stage counting has version 1, this release reads 2. Run the release that wrote it, or one that migrates it.',
  })
  t.strictSame(folding.heard, [], 'it is no crash of a record')
  t.strictSame(state.map, before)
})

t.test('state of a newer version is refused by an older release, whether or not it migrates', async t => {
  const newer = await Folding.of([migrating()])
  newer.feed(click('ann', 1))
  const older = counting({ version: 2, empty: () => ({}), migrate: () => ({}) }, () => {})
  for (const stages of [[first], [older]]) {
    const folding = await Folding.of(stages, { state: newer.state })
    t.throws(() => folding.unit([click('ann', 3)]), { code: 'STATE_VERSION', message: /has version 3/ })
  }
})
