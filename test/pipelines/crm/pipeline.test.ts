import fc from 'fast-check'
import t from 'tap'
import { FUNNEL, type FunnelStage, pipelineOf } from '../../../pipelines/crm/model/pipeline.ts'

const cents = (n: number) => n * 10_000
const toCents = (micros: number | null) => (micros === null ? null : Math.round(micros / 10_000))
const contacts = (counts: readonly number[]) =>
  counts.flatMap((count, k) =>
    Array.from({ length: count - (counts[k + 1] ?? 0) }, () => ({ reached: [FUNNEL[k]!] })),
  )

t.test("the document's pipeline, to the digit", async t => {
  const won = Array.from(
    { length: 8 },
    () => ({ state: 'won', amount_micros: cents(500_000), probability: 1 }) as const,
  )
  const open = Array.from(
    { length: 11 },
    () => ({ state: 'open', amount_micros: cents(1_000_000), probability: 0.5 }) as const,
  )
  const lost = [{ state: 'lost', amount_micros: cents(9_999), probability: 0 }] as const
  const made = pipelineOf(contacts([150, 75, 45, 20, 8]), [...won, ...open, ...lost], cents(500_000))
  t.match(made, { leads: 150, mqls: 75, sqls: 45, opportunities: 20, deals_won: 8 })
  t.equal(toCents(made.pipeline_value_micros), 15_000_000)
  t.equal(toCents(made.won_revenue_micros), 4_000_000)
  t.equal(toCents(made.open_value_micros), 11_000_000)
  t.equal(toCents(made.weighted_value_micros), 9_500_000)
  t.equal(made.pipeline_roas, 30)
  t.equal(made.won_roas, 8)
  t.same(
    made.rates_pct.map(rate => rate!.toFixed(1)),
    ['50.0', '60.0', '44.4', '40.0'],
  )
  t.equal(toCents(made.cost_per_lead_micros), 3333)
  t.equal(toCents(made.cost_per_win_micros), 62_500)
})

t.test('nothing spent, nobody there, no amount: null', async t => {
  const none = pipelineOf([], [], 0)
  t.match(none, { leads: 0, pipeline_roas: null, won_roas: null, cost_per_lead_micros: null })
  t.same(none.rates_pct, [null, null, null, null])
  const open = { state: 'open', amount_micros: null, probability: null } as const
  const made = pipelineOf(contacts([1, 0, 0, 0, 0]), [open, { ...open, amount_micros: 5 }], null)
  t.match(made, {
    deals_without_amount: 1,
    pipeline_value_micros: 5,
    weighted_value_micros: null,
    pipeline_roas: null,
  })
})

t.test('no stage has more than the one before, though people fall back', async () => {
  const reached = fc.array(fc.constantFrom<FunnelStage>(...FUNNEL), { maxLength: 5 })
  fc.assert(
    fc.property(
      fc.array(
        reached.map(reached => ({ reached })),
        { maxLength: 30 },
      ),
      people => {
        const made = pipelineOf(people, [], 1)
        return (
          FUNNEL.every((stage, k) => k === 0 || made[stage] <= made[FUNNEL[k - 1]!]) &&
          made.leads === people.length
        )
      },
    ),
  )
})
