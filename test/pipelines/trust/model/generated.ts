import fc from 'fast-check'
import type { Components } from '../../../../pipelines/trust/model/composite.ts'
import type { Operations } from '../../../../pipelines/trust/model/gate/caps.ts'
import { SCOPES, type Scope } from '../../../../pipelines/trust/model/gate/evidence.ts'
import { MINUTE, NOW } from '../policy.ts'

/** Scores crowd around the thresholds, where things go wrong. */
export const score: fc.Arbitrary<number> = fc.oneof(
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.constantFrom(0, 5, 9.99, 10, 39.99, 40, 69.96, 69.99, 70, 73, 75, 78, 100),
  fc.double({ min: 69, max: 79, noNaN: true }),
)
export const scoreOrNull: fc.Arbitrary<number | null> = fc.option(score, { freq: 5 })

export const components: fc.Arbitrary<Components> = fc.record({
  emq: scoreOrNull,
  freshness: scoreOrNull,
  variance: scoreOrNull,
  anomaly: scoreOrNull,
})

export const scope: fc.Arbitrary<Scope> = fc.constantFrom(...SCOPES)

export const operations: fc.Arbitrary<Operations> = fc.record({
  kill_switch: fc.constantFrom(false, false, false, true, null),
  connection: fc.constantFrom('CONNECTED', 'CONNECTED', 'CONNECTED', 'EXPIRED', null),
  evaluated_at: fc.constantFrom(NOW, NOW, NOW - 15 * MINUTE, null),
  breaker: fc.constantFrom('CLOSED', 'CLOSED', 'HALF_OPEN', 'OPEN'),
})
