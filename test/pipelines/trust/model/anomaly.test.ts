import t from 'tap'
import { type AnomalyInputs, anomaly } from '../../../../pipelines/trust/model/anomaly.ts'
import { POLICY } from '../policy.ts'

const seen = (z: number | null, samples = 48, days = 14) => ({ z, samples, days })
const of = (metrics: AnomalyInputs['metrics'], conversions: number | null = 10) =>
  anomaly({ metrics, conversions }, POLICY)

t.test('the score of z by its points, either way', async t => {
  for (const [z, score] of [
    [0, 100],
    [2, 100],
    [2.75, 75],
    [3.5, 50],
    [4.75, 25],
    [6, 0],
    [-6, 0],
    [20, 0],
  ] as const)
    t.equal(of({ spend: seen(z) }).value, score, String(z))
})

t.test('the least of the watched metrics decides', async t => {
  const found = of({ spend: seen(0), conversions: seen(3.5), roas: seen(2) })
  t.match(found, { value: 50, limiting: 'conversions' })
  t.match(
    of({ conversions: seen(3.5), spend: seen(3.5) }),
    { limiting: 'spend' },
    'of equals the first watched',
  )
  t.match(found.metrics.cpa, { value: null, reason: 'NOT_MEASURED' })
})

t.test('a metric that is warming up says nothing, and all of them make it unknown', async t => {
  t.match(of({ spend: seen(0), conversions: seen(6, 47) }), { value: 100, limiting: 'spend' })
  t.match(of({ conversions: seen(6, 48, 13.9) }), { value: null, reason: 'WARMING_UP' })
  t.match(of({ spend: seen(null) }), { value: null, reason: 'WARMING_UP' })
  t.match(of({}), { value: null, reason: 'NOT_MEASURED', limiting: null })
})

t.test('CPA and ROAS of fewer than ten conversions are noise', async t => {
  const metrics = { spend: seen(0), cpa: seen(9), roas: seen(9) }
  t.equal(of(metrics, 10).value, 0)
  t.equal(of(metrics, 9).value, 100)
  t.equal(of(metrics, null).value, 100, 'unknown is not ten')
  t.match(of({ cpa: seen(9) }, 0), { value: null, reason: 'NOT_MEASURED' })
})
