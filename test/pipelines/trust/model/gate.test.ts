import fc from 'fast-check'
import t from 'tap'
import { RISK_CLASSES } from '../../../../pipelines/trust/model/actions.ts'
import { COMPONENTS, type Components } from '../../../../pipelines/trust/model/composite.ts'
import { operationCaps } from '../../../../pipelines/trust/model/gate/caps.ts'
import { componentsOf } from '../../../../pipelines/trust/model/gate/evidence.ts'
import { gateView } from '../../../../pipelines/trust/model/gate/gate.ts'
import { isWorse } from '../../../../pipelines/trust/model/level.ts'
import { MINUTE, NOW, POLICY } from '../policy.ts'
import { components, operations, scope } from './generated.ts'

type Four = readonly [number | null, number | null, number | null, number | null]

const view = ([emq, freshness, variance, anomaly]: Four) =>
  gateView({ emq, freshness, variance, anomaly }, POLICY)
const gates = (four: Four) => {
  const { gates: found } = view(four)
  return `${found.risk_increasing.capped}/${found.protective.capped}`
}
const codes = (four: Four) => view(four).caps.map(cap => cap.code)

t.test('the golden rows of product.md §4.2', async t => {
  const rows: readonly (readonly [Four, number | null, string])[] = [
    [[80.6, 100, 70, 100], 86.24, 'PASS/PASS'],
    [[100, 0, 100, 100], 75, 'BLOCK/HOLD'],
    [[60, 50, 40, 50], 52, 'HOLD/HOLD'],
    [[null, 100, 90, 90], 56.5 / 0.6, 'HOLD/HOLD'],
    [[90, 100, null, 90], 74.5 / 0.8, 'PASS/PASS'],
    [[90, 100, 90, null], 79 / 0.85, 'HOLD/PASS'],
    [[30, 100, 100, 100], 72, 'HOLD/HOLD'],
    [[5, 100, 100, 100], 62, 'BLOCK/HOLD'],
    [[69.99, 70, 70, 70], 69.996, 'HOLD/HOLD'],
    [[70, 70, 70, 70], 70, 'PASS/PASS'],
    [[null, null, null, null], null, 'BLOCK/BLOCK'],
  ]
  for (const [four, score, gate] of rows) {
    const got = view(four).score
    t.ok(score === null ? got === null : Math.abs(got! - score) < 1e-9, `score of ${four}: ${got}`)
    t.equal(gates(four), gate, `gate of ${four}`)
  }
})

t.test('one dead component is not outvoted by the others, as the plain sum would have it', async t => {
  for (const [four, score] of [
    [[100, 0, 100, 100], 75],
    [[100, 100, 0, 100], 80],
    [[100, 100, 100, 0], 85],
  ] as const) {
    t.equal(view(four).score, score)
    t.equal(view(four).status, 'HEALTHY')
    t.not(view(four).effective_status, 'HEALTHY')
  }
})

t.test('scores are compared as they are, not as they are shown', async t => {
  const all = (x: number): Four => [x, x, x, x]
  for (const [x, status, gate] of [
    [69.96, 'DEGRADED', 'HOLD/HOLD'],
    [69.99, 'DEGRADED', 'HOLD/HOLD'],
    [69.9999999999, 'DEGRADED', 'HOLD/HOLD'],
    [70, 'HEALTHY', 'PASS/PASS'],
    [40, 'DEGRADED', 'HOLD/HOLD'],
    [39.99, 'CRITICAL', 'BLOCK/BLOCK'],
    [100, 'HEALTHY', 'PASS/PASS'],
    [0, 'CRITICAL', 'BLOCK/BLOCK'],
  ] as const) {
    t.equal(view(all(x)).score, x)
    t.equal(view(all(x)).status, status, String(x))
    t.equal(gates(all(x)), gate, String(x))
  }
  t.equal(gates([70, 70, 40, 100]), 'HOLD/HOLD', '68.5 with a component of exactly 40')
  t.same(codes([70, 70, 40, 100]), [], 'a component of exactly 40 is no cap')
  t.same(codes([70, 70, 39.99, 100]), ['VARIANCE_LOW'])
})

t.test('what each missing or low component does', async t => {
  const rows: readonly (readonly [Four, string, readonly string[]])[] = [
    [[null, 90, 90, 90], 'HOLD/HOLD', ['EMQ_MISSING']],
    [[90, null, 90, 90], 'HOLD/HOLD', ['FRESHNESS_MISSING']],
    [[90, 90, null, 90], 'PASS/PASS', ['VARIANCE_MISSING']],
    [[90, 90, 90, null], 'HOLD/PASS', ['ANOMALY_MISSING']],
    [[null, null, 90, 90], 'BLOCK/BLOCK', ['EMQ_MISSING', 'FRESHNESS_MISSING', 'EMQ_AND_FRESHNESS_MISSING']],
    [[10, 90, 90, 90], 'HOLD/HOLD', ['EMQ_LOW']],
    [[9.99, 90, 90, 90], 'BLOCK/HOLD', ['EMQ_CRITICAL']],
    [[90, 0.01, 90, 90], 'HOLD/HOLD', ['FRESHNESS_LOW']],
    [[90, 0, 90, 90], 'BLOCK/HOLD', ['FRESHNESS_ZERO']],
    [[90, 90, 0, 90], 'HOLD/HOLD', ['VARIANCE_LOW']],
    [[90, 90, 90, 0], 'HOLD/HOLD', ['ANOMALY_LOW']],
    [
      [null, null, null, 90],
      'BLOCK/BLOCK',
      ['EMQ_MISSING', 'FRESHNESS_MISSING', 'VARIANCE_MISSING', 'EMQ_AND_FRESHNESS_MISSING'],
    ],
  ]
  for (const [four, gate, wanted] of rows) {
    t.equal(gates(four), gate, String(four))
    t.same(codes(four), wanted, String(four))
  }
  t.ok(codes([null, null, null, null]).includes('NO_DATA'))
  t.equal(view([null, null, null, null]).reason, 'NO_DATA')
})

t.test('without variance what raises risk needs five more', async t => {
  t.equal(gates([74.99, 74.99, null, 74.99]), 'HOLD/PASS')
  t.equal(gates([75, 75, null, 75]), 'PASS/PASS')
  t.equal(gates([70, 70, null, 70]), 'HOLD/PASS')
})

t.test('a gate says from which score it passes', async t => {
  const from = (variance: number | null, counting = COMPONENTS as readonly (typeof COMPONENTS)[number][]) => {
    const { gates: found } = gateView({ emq: 90, freshness: 90, variance, anomaly: 90 }, POLICY, counting)
    return [found.risk_increasing.pass_from, found.protective.pass_from, found.protective.hold_from]
  }
  t.same(from(90), [70, 70, 40])
  t.same(from(null), [75, 70, 40])
  t.same(
    from(null, componentsOf('delivery')),
    [70, 70, 40],
    'where variance does not count it is not missing',
  )
})

t.test('the confidence is the weight of what is known', async t => {
  t.equal(view([1, 1, 1, 1]).confidence, 1)
  t.equal(view([1, 1, null, 1]).confidence, 0.8)
  t.equal(view([null, 1, null, null]).confidence, 0.25)
  t.equal(view([null, null, null, null]).confidence, 0)
})

t.test('evidence that a rule does not read is not looked at', async t => {
  const delivery = (freshness: number | null, anomaly: number | null) =>
    gateView({ emq: null, freshness, variance: null, anomaly }, POLICY, componentsOf('delivery'))
  t.equal(delivery(100, 100).gates.protective.capped, 'PASS')
  t.equal(delivery(100, 100).gates.risk_increasing.capped, 'PASS')
  t.equal(delivery(100, 100).confidence, 1, 'of what counts')
  t.same(delivery(100, 100).caps, [])
  t.equal(delivery(null, 100).gates.protective.capped, 'HOLD')
  t.equal(delivery(0, 100).gates.risk_increasing.capped, 'BLOCK')
  t.equal(delivery(100, null).gates.risk_increasing.capped, 'HOLD')
  t.equal(delivery(null, null).gates.protective.capped, 'BLOCK')
})

t.test('kill switch, connection, age and breaker', async t => {
  const calm = { kill_switch: false, connection: 'CONNECTED', evaluated_at: NOW, breaker: 'CLOSED' } as const
  const capped = (change: object) => {
    const { gates: found, caps } = gateView(
      { emq: 90, freshness: 90, variance: 90, anomaly: 90 },
      POLICY,
      COMPONENTS,
      operationCaps({ ...calm, ...change }, NOW, POLICY),
    )
    return [found.risk_increasing.capped, found.protective.capped, ...caps.map(cap => cap.code)].join(' ')
  }
  t.equal(capped({}), 'PASS PASS')
  t.equal(capped({ kill_switch: true }), 'BLOCK BLOCK KILL_SWITCH_ENGAGED')
  t.equal(capped({ kill_switch: null }), 'BLOCK BLOCK KILL_SWITCH_ENGAGED', 'unknown is engaged')
  t.equal(capped({ connection: 'EXPIRED' }), 'BLOCK BLOCK NOT_CONNECTED')
  t.equal(capped({ connection: null }), 'BLOCK BLOCK NOT_CONNECTED')
  t.equal(capped({ evaluated_at: NOW - 15 * MINUTE }), 'HOLD HOLD GATE_STALE')
  t.equal(capped({ evaluated_at: NOW - 15 * MINUTE + 1 }), 'PASS PASS')
  t.equal(capped({ evaluated_at: null }), 'HOLD HOLD GATE_STALE')
  t.equal(capped({ breaker: 'OPEN' }), 'HOLD HOLD BREAKER_OPEN')
  t.equal(capped({ breaker: 'HALF_OPEN' }), 'PASS PASS')
})

t.test(
  'nothing passes that raises risk on a low component, or without match quality, freshness or anomaly',
  async () => {
    fc.assert(
      fc.property(components, found => {
        const { gates: g, score } = gateView(found, POLICY)
        const { emq, freshness, variance, anomaly } = found
        const isLow = COMPONENTS.some(name => found[name] !== null && found[name]! < 40)
        const passes = g.risk_increasing.capped === 'PASS'
        if (!passes) return true
        if (isLow || emq === null || freshness === null || anomaly === null) return false
        return score! >= (variance === null ? 75 : 70)
      }),
      { numRuns: 20_000 },
    )
  },
)

t.test('and nothing protective on a low component, or without match quality or freshness', async () => {
  fc.assert(
    fc.property(components, found => {
      const passes = gateView(found, POLICY).gates.protective.capped === 'PASS'
      const isLow = COMPONENTS.some(name => found[name] !== null && found[name]! < 40)
      return !passes || (!isLow && found.emq !== null && found.freshness !== null)
    }),
    { numRuns: 20_000 },
  )
})

t.test('a lower number never improves the gate', async () => {
  const lowered = fc.tuple(
    components,
    fc.constantFrom(...COMPONENTS),
    fc.double({ min: 0, max: 1, noNaN: true }),
    scope,
    operations,
  )
  fc.assert(
    fc.property(lowered, ([found, name, share, counting, at]) => {
      const before = found[name]
      if (before === null) return true
      const less: Components = { ...found, [name]: before * share }
      const caps = operationCaps(at, NOW, POLICY)
      const [a, b] = [found, less].map(four => gateView(four, POLICY, componentsOf(counting), caps))
      return RISK_CLASSES.every(risk => !isWorse(a!.gates[risk].capped, b!.gates[risk].capped))
    }),
    { numRuns: 20_000 },
  )
})

t.test('what raises risk is never let further than what protects', async () => {
  fc.assert(
    fc.property(components, scope, operations, (found, counting, at) => {
      const caps = operationCaps(at, NOW, POLICY)
      const { gates: g } = gateView(found, POLICY, componentsOf(counting), caps)
      return !isWorse(g.protective.capped, g.risk_increasing.capped)
    }),
  )
})

t.test('what is no score passes nothing', async t => {
  for (const odd of [Number.NaN, Number.NEGATIVE_INFINITY, -1])
    t.not(gates([odd, 100, 100, 100]).slice(0, 4), 'PASS', String(odd))
  t.equal(view([1e9, 70, 70, 40]).score, 77.5, 'no score counts for more than 100')
})
