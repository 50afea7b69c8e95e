import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { hold } from './hold.ts'
import { type Input, input, sourceOf } from './input.ts'
import { type How, Laboratory } from './run.ts'
import { difference } from './topics.ts'

const laboratory = new Laboratory(t)

/** Limits one after the other, and from the start again. */
const cutting = (sizes: readonly number[]) => {
  let next = 0
  return () => ({ maxRecords: sizes[next++ % sizes.length]! })
}

const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 })

/** What is read whole and by default writes the same as what is read so. */
async function sameAs(made: Input, how: How, batch?: number): Promise<void> {
  const whole = await laboratory.run([[{ source: sourceOf(made) }]])
  const other = await laboratory.run([[{ source: sourceOf(made, batch ? { batch } : {}) }]], how)
  deepStrictEqual(difference(whole.topics, other.topics), null)
  deepStrictEqual(other.tables, whole.tables)
}

t.test('where batches are cut changes no topic and no table', async t => {
  const law = fc.asyncProperty(
    input,
    sizes,
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 20 }),
    (made, sizes, batch, rows) => {
      const cut = { rows, bytes: 1 << 20, ms: 5 }
      return sameAs(made, { options: { readLimit: cutting(sizes), cut } }, batch)
    },
  )
  await t.resolves(hold(law, 8))
})

t.test('restoring all state after every batch changes no topic and no table', async t => {
  const law = fc.asyncProperty(input, sizes, (made, sizes) =>
    sameAs(made, { options: { readLimit: cutting(sizes), forgetful: true }, turns: 20 }),
  )
  await t.resolves(hold(law, 8))
})

t.test('keeping next to no state in memory changes no topic and no table', async t => {
  const law = fc.asyncProperty(input, sizes, (made, sizes) =>
    sameAs(made, { options: { readLimit: cutting(sizes), cachedKeys: 1 }, turns: 20 }),
  )
  await t.resolves(hold(law, 5))
})

t.test('stopping and starting the engine again, anywhere, changes no topic and no table', async t => {
  const lives = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 })
  const law = fc.asyncProperty(input, sizes, lives, (made, sizes, lives) =>
    sameAs(made, { options: { readLimit: cutting(sizes) }, lives, turns: 5 }),
  )
  await t.resolves(hold(law, 8))
})

t.test(
  'pausing stages and tables while all is read, and resuming them, changes no topic and no table',
  async t => {
    const names = ['normalise', 'to-persons', 'ad-metrics', 'sessions', 'funnel', 'events', 'dead_letters']
    const law = fc.asyncProperty(input, fc.subarray(names, { minLength: 1 }), (made, paused) =>
      sameAs(made, { paused }),
    )
    await t.resolves(hold(law, 6))
  },
)
