import fc from 'fast-check'
import t from 'tap'
import { RISK_CLASSES, type RiskClass } from '../../../../pipelines/trust/model/actions.ts'
import { type ClassGate, gateView } from '../../../../pipelines/trust/model/gate/gate.ts'
import { type Hysteresis, hysteresis } from '../../../../pipelines/trust/model/gate/hysteresis.ts'
import { type Gate, isWorse, worse } from '../../../../pipelines/trust/model/level.ts'
import { MINUTE, NOW, POLICY } from '../policy.ts'
import { components } from './generated.ts'

/** The gate of risk-increasing actions at one score of all components. */
const at = (score: number): ClassGate =>
  gateView({ emq: score, freshness: score, variance: score, anomaly: score }, POLICY).gates.risk_increasing

/** Evaluations every five minutes; what the gate says after each. */
function run(scores: readonly number[], step = 5 * MINUTE, from: Gate = 'HOLD'): Gate[] {
  let state: Hysteresis | null = { level: from, evaluated_at: NOW - step, better_since: null, better: 0 }
  return scores.map((score, i) => {
    state = hysteresis(state, score, at(score), NOW + i * step, POLICY)
    return state.level
  })
}
const times = (n: number, score: number) => Array.from({ length: n }, () => score)

t.test('worse at once, by as many levels as it is', async t => {
  t.same(run([80, 69.99], undefined, 'PASS'), ['PASS', 'HOLD'])
  t.same(run([80, 39], undefined, 'PASS'), ['PASS', 'BLOCK'])
})

t.test('better after 30 minutes at 73 or more', async t => {
  t.same(
    run(times(7, 73)),
    [...times(6, 0).map(() => 'HOLD'), 'PASS'],
    'the seventh is 30 minutes after the first',
  )
  t.notOk(run(times(100, 72.99)).includes('PASS'), 'three above the threshold')
  t.notOk(run([...times(6, 73), 72.99, ...times(6, 73)]).includes('PASS'), 'in a row')
})

t.test('a level at a time', async t => {
  const found = run(times(14, 90), undefined, 'BLOCK')
  t.equal(found.indexOf('HOLD'), 6)
  t.equal(found.indexOf('PASS'), 13)
})

t.test('many evaluations in a short time are no 30 minutes, and few are no 6', async t => {
  t.notOk(run(times(30, 90), MINUTE).includes('PASS'))
  t.equal(run(times(31, 90), MINUTE).at(-1), 'PASS')
  t.equal(run(times(5, 90), 14 * MINUTE).at(-1), 'HOLD', '56 minutes, but five evaluations')
  t.equal(run(times(6, 90), 14 * MINUTE).at(-1), 'PASS')
})

t.test('where nobody evaluated for 15 minutes the gate was on HOLD, and goes on from there', async t => {
  t.same(run([90, 90], 15 * MINUTE, 'PASS'), ['HOLD', 'HOLD'])
  t.same(run([90, 90], 15 * MINUTE - 1, 'PASS'), ['PASS', 'PASS'])
  const first = hysteresis(null, 90, at(90), NOW, POLICY)
  t.same(first, { level: 'HOLD', evaluated_at: NOW, better_since: NOW, better: 1 })
  t.equal(hysteresis(null, 30, at(30), NOW, POLICY).level, 'BLOCK')
  const blocked = { level: 'BLOCK', evaluated_at: NOW - 99 * MINUTE, better_since: NOW, better: 5 } as const
  t.equal(hysteresis(blocked, 90, at(90), NOW, POLICY).level, 'BLOCK', 'silence makes nothing better')
})

t.test('a cap below the new level stands in the way, whatever the score', async t => {
  const { gates, score } = gateView({ emq: 100, freshness: 39, variance: 100, anomaly: 100 }, POLICY)
  let state: Hysteresis | null = null
  for (let i = 0; i < 50; i++)
    state = hysteresis(state, score, gates.risk_increasing, NOW + i * 5 * MINUTE, POLICY)
  t.ok(score! > 80)
  t.equal(state!.level, 'HOLD')
})

t.test('without variance it opens from 78', async t => {
  const end = (x: number) => {
    const { gates, score } = gateView({ emq: x, freshness: x, variance: null, anomaly: x }, POLICY)
    let state: Hysteresis | null = null
    for (let i = 0; i < 8; i++)
      state = hysteresis(state, score, gates.risk_increasing, NOW + i * 5 * MINUTE, POLICY)
    return state!.level
  }
  t.equal(end(77.99), 'HOLD')
  t.equal(end(78), 'PASS')
})

/** The same by looking back over the whole past each time, in the words of product.md §4.3. */
function naive(past: readonly { now: number; score: number | null; gate: ClassGate }[]): Gate[] {
  const levels: Gate[] = []
  let changed = 0
  let level: Gate = 'HOLD'
  for (const [i, { now, gate }] of past.entries()) {
    const isGap = i === 0 || now - past[i - 1]!.now >= 15 * MINUTE
    const stood: Gate = isGap ? worse(level, 'HOLD') : level
    if (isGap) changed = i
    if (isWorse(gate.capped, stood)) {
      level = gate.capped
      changed = i + 1
    } else if (stood !== 'PASS') {
      const next: Gate = stood === 'BLOCK' ? 'HOLD' : 'PASS'
      const isGood = (j: number) => {
        const then = past[j]!
        const from = next === 'PASS' ? then.gate.pass_from : then.gate.hold_from
        return then.score !== null && then.score >= from + 3 && !isWorse(then.gate.limit, next)
      }
      let first = i + 1
      while (first > changed && isGood(first - 1)) first--
      const isLong = first <= i && i - first + 1 >= 6 && now - past[first]!.now >= 30 * MINUTE
      level = isLong ? next : stood
      if (isLong) changed = i + 1
    } else level = stood
    levels.push(level)
  }
  return levels
}

interface Moment {
  readonly now: number
  readonly score: number | null
  readonly gates: Readonly<Record<RiskClass, ClassGate>>
}

const history: fc.Arbitrary<Moment[]> = fc
  .array(
    fc.record({
      gap: fc.constantFrom(MINUTE, 5 * MINUTE, 5 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE),
      found: fc.oneof(
        { weight: 1, arbitrary: components },
        {
          weight: 9,
          arbitrary: fc
            .constantFrom(30, 41, 43, 60, 71, 73, 80, 80, 80, 80)
            .map(x => ({ emq: x, freshness: x, variance: x, anomaly: x })),
        },
      ),
      times: fc.nat(12),
    }),
    { minLength: 1, maxLength: 15 },
  )
  .map(runs => {
    let now = NOW
    return runs.flatMap(({ gap, found, times: n }) =>
      Array.from({ length: n + 1 }, () => {
        now += gap
        const { gates, score } = gateView(found, POLICY)
        return { now, score, gates }
      }),
    )
  })

const levels = (past: readonly { now: number; score: number | null; gate: ClassGate }[]) => {
  let state: Hysteresis | null = null
  return past.map(({ now, score, gate }) => {
    state = hysteresis(state, score, gate, now, POLICY)
    return state.level
  })
}
const ofRisk = (past: readonly Moment[], risk: RiskClass) =>
  past.map(({ now, score, gates }) => ({ now, score, gate: gates[risk] }))

t.test('the same as looking back over the whole past', async t => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(history, past => {
      for (const risk of RISK_CLASSES) {
        const got = levels(ofRisk(past, risk))
        for (const level of got) seen.add(level)
        if (got.join() !== naive(ofRisk(past, risk)).join()) return false
      }
      return true
    }),
    { numRuns: 2000 },
  )
  t.equal(seen.size, 3, 'the histories led everywhere')
})

t.test(
  'never better than the caps allow, and never more for what raises risk than for what protects',
  async () => {
    fc.assert(
      fc.property(history, past => {
        const risky = levels(ofRisk(past, 'risk_increasing'))
        const safe = levels(ofRisk(past, 'protective'))
        return past.every(
          ({ gates }, i) =>
            !isWorse(gates.risk_increasing.capped, risky[i]!) &&
            !isWorse(gates.protective.capped, safe[i]!) &&
            !isWorse(safe[i]!, risky[i]!),
        )
      }),
      { numRuns: 2000 },
    )
  },
)
