import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { tenantOf } from '../../../engine/log/tenant.ts'
import { hold } from './hold.ts'
import { input, sourceOf } from './input.ts'
import { Laboratory } from './run.ts'
import { difference, only } from './topics.ts'

const laboratory = new Laboratory(t)

t.test('a tenant gets beside another, record by record, what it gets alone', async t => {
  const law = fc.asyncProperty(input, input, async (one, two) => {
    const source = sourceOf(one)
    const other = sourceOf(two, { id: 'other' })
    const mine = { source, tenant: 'mine' }
    const alone = await laboratory.run([[mine]])
    const beside = await laboratory.run([
      [mine, { source: other, tenant: 'theirs' }, { source: other, tenant: 'others' }],
    ])
    const topics = ['facts', 'persons', 'sessions']
    const own = Object.entries(only(beside.topics, topics)).map(
      ([name, seen]) => [name, seen.filter(record => tenantOf(Buffer.from(record.key)) === 'mine')] as const,
    )
    deepStrictEqual(difference(only(alone.topics, topics), Object.fromEntries(own)), null)
  })
  await t.resolves(hold(law, 5))
})
