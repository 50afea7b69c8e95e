import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { type StageContext, stage } from '../../../engine/stage/stage.ts'
import { type Click, click, Folding, type Note, note, noteKind, type Out, tick } from './folding.ts'

interface Visit {
  clicks: number
  told: number
}

/** A row of stages with everything a stage can do: sets, keyed state, ticks, handing on, refusing, crashing. */
const row = [
  stage({
    name: 'once',
    version: 1,
    sets: { ids: { windowDays: 3 } },
    on: {
      click(_: unknown, c: Click, ctx) {
        if (ctx.first('ids', [c.tenant_id], '2026-01-01', `${c.who} ${c.n}`, c.ingest_time) === 'seen')
          ctx.drop()
        else if (c.n === 4) ctx.reject('four')
        else if (c.n === 3) ctx.hand(noteKind, note(`three of ${c.who}`, c.tenant_id))
      },
    },
  }),
  stage({
    name: 'visits',
    version: 1,
    key: (c: Click) => [c.tenant_id, c.who],
    state: { version: 1, empty: (): Visit => ({ clicks: 0, told: 0 }) },
    on: {
      click(visit: Visit, c: Click) {
        visit.clicks++
        if (c.n === 13) throw new Error('unlucky')
      },
    },
    ticks: 'touched',
    tick(visit, { watermark }, ctx) {
      if (visit.clicks % 3 === 1) ctx.again()
      if (visit.clicks === 5) throw new Error('five')
      if (visit.told !== visit.clicks)
        ctx.emit(
          'notes',
          noteKind,
          note(`${ctx.key.join(' ')}: ${visit.clicks} at ${watermark}`, ctx.key[0]),
          ctx.key,
        )
      visit.told = visit.clicks
      if (visit.clicks > 6) ctx.forget()
    },
  }),
  stage({
    name: 'route',
    version: 1,
    on: {
      click: (_: unknown, c: Click, ctx: StageContext) => ctx.forward('keyed', [c.tenant_id, c.who]),
      note(_: unknown, n: Note, ctx: StageContext) {
        if (n.text.endsWith('bob')) throw new Error('no bob')
        ctx.emit('keyed', noteKind, n, [n.tenant_id])
      },
    },
  }),
]

const record = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        fc.constantFrom('ann', 'bob', 'cid'),
        fc.constantFrom(1, 2, 3, 4, 5, 13),
        fc.constantFrom('acme', 'other'),
      )
      .map(([who, n, tenant]) => click(who, n, tenant)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 99 }), fc.constantFrom('acme', 'other'))
      .map(([watermark, tenant]) => tick(watermark, tenant)),
  },
)

/** Outputs by partition, in their order. */
function byPartition(outs: readonly Out[]): Record<string, unknown[]> {
  const found: Record<string, unknown[]> = {}
  for (const { topic, partition, key, kind, value } of outs) {
    const place = `${topic}/${partition}`
    found[place] = [...(found[place] ?? []), [key, kind, { ...value }]]
  }
  return found
}

t.test('a fold gives the same whatever its batches, commits, memory and restarts', async t => {
  const cut = fc.record({
    size: fc.integer({ min: 1, max: 6 }),
    // Commits that are still on their way when the next batch is folded.
    flying: fc.integer({ min: 0, max: 3 }),
    restart: fc.boolean(),
  })
  const memory = fc.record({ forgetful: fc.boolean(), cachedKeys: fc.constantFrom(1, 2, 1000) })
  let letters = 0
  const law = fc.asyncProperty(
    fc.array(record, { maxLength: 60, size: 'max' }),
    fc.array(cut, { minLength: 1, maxLength: 8 }),
    memory,
    async (records, cuts, memory) => {
      const whole = (await Folding.of(row)).feed(...records)
      letters += whole.filter(out => out.topic === 'deadletters').length
      let folding = await Folding.of(row, memory)
      const outs: Out[] = []
      const flying: Parameters<Folding['land']>[0][] = []
      const land = (left: number) => {
        while (flying.length > left) outs.push(...folding.land(flying.shift()!))
      }
      for (let at = 0, i = 0; at < records.length; i++) {
        const { size, flying: left, restart } = cuts[i % cuts.length]!
        flying.push(folding.unit(records.slice(at, at + size)))
        at += size
        land(restart ? 0 : left)
        if (restart) folding = await folding.restarted(row, memory)
      }
      land(0)
      deepStrictEqual(byPartition(outs), byPartition(whole))
    },
  )
  await t.resolves(fc.assert(law, { numRuns: 150 }))
  t.not(letters, 0)
})
