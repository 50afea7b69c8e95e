import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { byHand, figuresOf } from './figures.ts'
import { hold } from './hold.ts'
import { input, sourceOf } from './input.ts'
import { Laboratory } from './run.ts'
import { difference } from './topics.ts'

const laboratory = new Laboratory(t)

t.test('the figures are those of the distinct good rows, counted by hand', async t => {
  const law = fc.asyncProperty(input, async made => {
    const { found } = await laboratory.run([[{ source: sourceOf(made) }]], {}, figuresOf)
    deepStrictEqual(found, byHand(made))
  })
  await t.resolves(hold(law, 12))
})

t.test('two runs of the same input write the same topics and tables', async t => {
  const law = fc.asyncProperty(input, async made => {
    const first = await laboratory.run([[{ source: sourceOf(made) }]])
    const second = await laboratory.run([[{ source: sourceOf(made) }]])
    deepStrictEqual(difference(first.topics, second.topics), null)
    deepStrictEqual(second.tables, first.tables)
  })
  await t.resolves(hold(law, 8))
})
