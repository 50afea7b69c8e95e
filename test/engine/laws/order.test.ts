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

t.test('two sources read at the same time give the figures of one after the other', async t => {
  const law = fc.asyncProperty(input, input, async (one, two) => {
    const a = { source: sourceOf({ ...one, reports: [] }, { id: 'a' }) }
    const b = { source: sourceOf({ ...two, events: [] }, { id: 'b' }) }
    const after = await laboratory.run([[a], [b]], {}, figuresOf)
    const beside = await laboratory.run([[a, b]], {}, figuresOf)
    const open = <T extends { sessions: unknown }>({ sessions: _, ...rest }: T) => rest
    deepStrictEqual(open(beside.found), open(after.found))
    deepStrictEqual(beside.tables.events, after.tables.events)
  })
  await t.resolves(hold(law, 6))
})
