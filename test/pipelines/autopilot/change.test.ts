import t from 'tap'
import { type Change, inUnits } from '../../../pipelines/autopilot/model/change.ts'

const budget = (before: number, after: number): Change => ({
  ...{ type: after > before ? 'BUDGET_INCREASE' : 'BUDGET_DECREASE', field: 'budget', currency: 'USD' },
  ...{ before, after },
})
const CENT = 10_000
const YEN = 1_000_000

t.test('amounts are whole minor units, towards what is there', async t => {
  t.equal(inUnits(budget(10_030_000, 12_036_000), CENT)?.after, 12_030_000)
  t.equal(inUnits(budget(10_030_000, 8_024_000), CENT)?.after, 8_030_000)
  t.equal(inUnits(budget(1_005 * YEN, 1_206 * YEN), YEN)?.after, 1_206 * YEN)
  t.equal(inUnits(budget(1_003 * YEN, 1_203_600_000), YEN)?.after, 1_203 * YEN)
})

t.test('where less than a unit is left, nothing is', async t => {
  t.equal(inUnits(budget(40_000, 48_000), CENT), null)
  t.equal(inUnits(budget(40_000, 32_000), CENT), null)
  // What is there is no whole unit: less than one on.
  t.equal(inUnits(budget(45_000, 49_000), CENT), null)
})

t.test('a status has no units', async t => {
  const pause = { type: 'CAMPAIGN_PAUSE', field: 'status', before: 'ACTIVE', after: 'PAUSED' } as const
  t.same(inUnits({ ...pause, currency: 'USD' }, CENT), { ...pause, currency: 'USD' })
})
