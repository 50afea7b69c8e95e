import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { figuresOf } from './figures.ts'
import { hold } from './hold.ts'
import { input, sourceOf } from './input.ts'
import { Laboratory } from './run.ts'

const laboratory = new Laboratory(t)

t.test('the order of files and rows changes no figure', async t => {
  const shuffles = fc.tuple(
    input,
    fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
  )
  const law = fc.asyncProperty(shuffles, async ([made, draws]) => {
    const shuffled = <T>(items: readonly T[]): T[] =>
      items
        .map(item => [draws.next().value, item] as const)
        .sort(([a], [b]) => a - b)
        .map(([, item]) => item)
    const other = {
      events: shuffled(made.events).map(shuffled),
      reports: shuffled(made.reports).map(shuffled),
    }
    const one = await laboratory.run([[{ source: sourceOf(made) }]], {}, figuresOf)
    const two = await laboratory.run([[{ source: sourceOf(other) }]], {}, figuresOf)
    deepStrictEqual(two.found, one.found)
    deepStrictEqual(two.tables.events, one.tables.events)
    deepStrictEqual(two.tables.sessions_current, one.tables.sessions_current)
    deepStrictEqual(two.tables.funnel_daily, one.tables.funnel_daily)
  })
  await t.resolves(hold(law, 8))
})

t.test('sources read side by side or in any order give the same figures', async t => {
  const law = fc.asyncProperty(input, input, async (one, two) => {
    const a = { source: sourceOf({ ...one, reports: [] }, { id: 'a' }) }
    const b = { source: sourceOf(two, { id: 'b' }) }
    const [after, before, beside] = [
      await laboratory.run([[a], [b]], {}, figuresOf),
      await laboratory.run([[b], [a]], {}, figuresOf),
      await laboratory.run([[a, b]], {}, figuresOf),
    ]
    for (const other of [before, beside]) {
      deepStrictEqual(other.found, after.found)
      for (const table of ['events', 'sessions_current', 'funnel_daily'])
        deepStrictEqual(other.tables[table], after.tables[table])
    }
  })
  await t.resolves(hold(law, 5))
})

t.test(
  'files read one by one, each as a connection, give the figures of all at once in any order',
  async t => {
    const law = fc.asyncProperty(input, async made => {
      const events = made.events.map((file, i) => ({
        source: sourceOf({ events: [file], reports: [] }, { id: 'made' }),
        config: { connection: `events ${i}` },
      }))
      const whole = await laboratory.run([[{ source: sourceOf({ ...made, reports: [] }) }]], {}, figuresOf)
      for (const order of [events, [...events].reverse()]) {
        const found = await laboratory.run(
          order.map(sync => [sync]),
          {},
          figuresOf,
        )
        deepStrictEqual(found.found, whole.found)
        deepStrictEqual(found.tables.sessions_current, whole.tables.sessions_current)
      }
    })
    await t.resolves(hold(law, 5))
  },
)
