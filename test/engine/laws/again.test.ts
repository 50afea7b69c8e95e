import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { hold } from './hold.ts'
import { input, sourceOf } from './input.ts'
import { Laboratory } from './run.ts'
import { difference, only } from './topics.ts'

const laboratory = new Laboratory(t)

const FACTS = ['facts', 'persons']
const RESULTS = ['sessions', 'metrics']

t.test('reading the input again through the same connection adds nothing to any table', async t => {
  const law = fc.asyncProperty(input, async made => {
    const source = sourceOf(made)
    const once = await laboratory.run([[{ source }]])
    const twice = await laboratory.run([[{ source }], [{ source }]])
    deepStrictEqual(twice.tables, once.tables)
    const results = ['deadletters', ...RESULTS]
    deepStrictEqual(difference(only(once.topics, results), only(twice.topics, results)), null)
    deepStrictEqual(difference(only(once.topics, FACTS, ['tick']), only(twice.topics, FACTS, ['tick'])), null)
  })
  await t.resolves(hold(law, 5))
})

t.test(
  'reading the input again through another connection adds nothing but what it refuses again',
  async t => {
    const law = fc.asyncProperty(input, async made => {
      const source = sourceOf(made)
      const again = { source, config: { connection: '2' } }
      const once = await laboratory.run([[{ source }]])
      const twice = await laboratory.run([[{ source }], [again]])
      const { dead_letters: before, ...tables } = once.tables
      const { dead_letters: after, ...same } = twice.tables
      deepStrictEqual(same, tables)
      deepStrictEqual(after!.rows, 2 * before!.rows)
      deepStrictEqual(difference(only(once.topics, RESULTS), only(twice.topics, RESULTS)), null)
      deepStrictEqual(
        difference(only(once.topics, FACTS, ['tick']), only(twice.topics, FACTS, ['tick'])),
        null,
      )
    })
    await t.resolves(hold(law, 8))
  },
)
