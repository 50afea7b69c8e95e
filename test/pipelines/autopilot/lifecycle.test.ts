import t from 'tap'
import {
  isAllowed,
  isOpen,
  MOVES,
  moved,
  movesFrom,
  STATES,
} from '../../../pipelines/autopilot/model/lifecycle.ts'

t.test('the diagram of product.md §4.5, and no arrow more', async t => {
  const arrows = [
    [null, 'QUEUED'],
    ['QUEUED', 'APPROVED'],
    ['QUEUED', 'DISMISSED'],
    ['APPROVED', 'APPLIED'],
    ['APPROVED', 'FAILED'],
    ['APPROVED', 'DISMISSED'],
    ['FAILED', 'QUEUED'],
  ]
  for (const from of [null, ...STATES])
    for (const to of STATES)
      t.equal(
        isAllowed(from, to),
        arrows.some(([a, b]) => a === from && b === to),
        `${from} → ${to}`,
      )
})

t.test('moves are arrows, from the state they begin at alone', async t => {
  for (const move of MOVES)
    for (const state of STATES) {
      const to = moved(state, move)
      if (to !== null) t.ok(isAllowed(state, to), `${move} from ${state}`)
      t.equal(movesFrom(state).includes(move), to !== null)
    }
  t.strictSame(movesFrom('APPLIED'), [])
  t.strictSame(movesFrom('DISMISSED'), [])
  t.strictSame(STATES.filter(isOpen), ['QUEUED', 'APPROVED'])
})
