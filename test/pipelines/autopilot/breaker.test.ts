import t from 'tap'
import { breakerState, closedBreaker, tried } from '../../../pipelines/autopilot/model/breaker.ts'

const SECOND = 1_000_000

t.test(
  'five failures in a row open it for 30 s, then one try at a time, each failure twice as long up to 10 min',
  async t => {
    const breaker = closedBreaker()
    for (let n = 1; n <= 4; n++) tried(breaker, false, 0)
    t.equal(breakerState(breaker, 0), 'CLOSED')
    tried(breaker, false, 0)
    t.equal(breakerState(breaker, 0), 'OPEN')
    t.equal(breakerState(breaker, 30 * SECOND - 1), 'OPEN')
    t.equal(breakerState(breaker, 30 * SECOND), 'HALF_OPEN')
    tried(breaker, false, 30 * SECOND)
    t.equal(breakerState(breaker, 89 * SECOND), 'OPEN')
    t.equal(breakerState(breaker, 90 * SECOND), 'HALF_OPEN')
    for (let n = 0; n < 20; n++) tried(breaker, false, 90 * SECOND)
    t.equal(breaker.until, 690 * SECOND)
  },
)

t.test('an answer closes it, and failures in between do not add up', async t => {
  const breaker = closedBreaker()
  for (let n = 0; n < 20; n++) {
    for (let f = 0; f < 4; f++) tried(breaker, false, 0)
    tried(breaker, true, 0)
  }
  t.equal(breakerState(breaker, 0), 'CLOSED')
  t.equal(breakerState(undefined, 0), 'CLOSED')
})
