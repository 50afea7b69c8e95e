import t from 'tap'
import type { Acting } from '../../../engine/source/acting.ts'
import { action } from '../../../plugins/actions/action.ts'
import { fatalError, RetryableError } from '../../../plugins/errors.ts'
import { integer, object } from '../../../plugins/schema.ts'
import { failure } from '../../support/failure.ts'

const { signal } = new AbortController()

interface Budget {
  value: number
  writes: number[]
  /** Reads until a write is seen. */
  lag: number
  fail?: (wanted: number) => void
}

const setBudget = action<Budget, ReturnType<typeof schema>, number>({
  title: 'Set a budget',
  params: schema(),
  settleMs: 200,
  async read(budget) {
    if (budget.writes.length === 0) return budget.value
    return budget.lag-- > 0 ? budget.value : budget.writes.at(-1)!
  },
  wanted: params => params.micros,
  async write(budget, wanted) {
    budget.fail?.(wanted)
    budget.writes.push(wanted)
  },
})

function schema() {
  return object({ micros: integer() })
}

const run = async (budget: Budget, micros: number, acting: Acting = {}) => {
  // The context is copied; the platform behind it is one.
  const shared = new Proxy(budget, {})
  return setBudget.run(proxied(shared), { micros }, signal, acting)
}
/** Spreads like the object and writes through to it. */
const proxied = (budget: Budget): Budget =>
  Object.defineProperties({} as Budget, {
    value: { get: () => budget.value, enumerable: true },
    writes: { get: () => budget.writes, enumerable: true },
    lag: { value: budget.lag, enumerable: true, writable: true },
    fail: { value: budget.fail, enumerable: true },
  })

t.test('read, write, read back', async t => {
  const budget: Budget = { value: 5, writes: [], lag: 0 }
  t.same(await run(budget, 7), {
    before: 5,
    wanted: 7,
    after: 7,
    inForce: { before: { value: 5 }, after: { value: 7 } },
    written: true,
    confirmed: true,
  })
  t.same(budget.writes, [7])
})

t.test('what is in force already is not written again', async t => {
  const budget: Budget = { value: 7, writes: [], lag: 0 }
  t.match(await run(budget, 7), { before: 7, wanted: 7, after: 7, written: false, confirmed: true })
  t.same(budget.writes, [])
})

t.test('a write that never shows is not called done', async t => {
  const budget: Budget = { value: 5, writes: [], lag: 1e9 }
  const outcome = await run(budget, 7)
  t.match(outcome, { after: 5, written: true, confirmed: false })
})

t.test('an answer that was lost is settled by reading', async t => {
  const lost = () => {
    throw Object.assign(fatalError('the connection was dropped'), { outcome: 'unknown' })
  }
  const made: Budget = {
    value: 5,
    writes: [],
    lag: 0,
    fail(wanted) {
      this.writes.push(wanted)
      lost()
    },
  }
  t.match(await run(made, 7), { after: 7, confirmed: true }, 'it was done')
  t.same(made.writes, [7])
  const unmade: Budget = { value: 5, writes: [], lag: 0, fail: lost }
  await t.rejects(run(unmade, 7), {
    kind: 'retryable',
    message: 'the change was not made',
    found: { value: 5 },
  })
})

t.test('what somebody has changed since is left as it is', async t => {
  const budget: Budget = { value: 6, writes: [], lag: 0 }
  await t.rejects(run(budget, 7, { expected: { value: 5 } }), {
    code: 'DRIFT',
    found: { value: 6 },
    message: 'what is in force is not what was decided upon: value is 6, not 5',
  })
  await t.rejects(run(budget, 7, { expected: { values: 6 } }), {
    code: 'DRIFT',
    message: /values is not told, not 6/,
  })
  t.same(budget.writes, [])
  t.match(await run(budget, 7, { expected: { value: 6 } }), { confirmed: true })
})

t.test('only reading writes nothing, whatever is asked', async t => {
  const budget: Budget = { value: 6, writes: [], lag: 0 }
  t.match(await run(budget, 7, { readOnly: true }), { inForce: { before: { value: 6 } }, written: false })
  t.same(budget.writes, [])
})

t.test('nothing is written where it is not allowed at the last moment', async t => {
  const budget: Budget = { value: 5, writes: [], lag: 0 }
  let asked = 0
  const mayWrite = async () => {
    asked++
    throw new Error('the switch is engaged')
  }
  await t.rejects(run(budget, 7, { mayWrite }), { message: 'the switch is engaged' })
  t.same(budget.writes, [])
  await run(budget, 5, { mayWrite })
  await run(budget, 7, { mayWrite, readOnly: true })
  t.equal(asked, 1, 'where nothing is written, nobody is asked')
})

t.test('what cannot be read back is not known', async t => {
  const budget: Budget = { value: 5, writes: [], lag: 0 }
  const blind = action<Budget, ReturnType<typeof schema>, number>({
    title: 'Set a budget',
    params: schema(),
    async read({ writes, value }) {
      if (writes.length > 0) throw new RetryableError('away')
      return value
    },
    wanted: params => params.micros,
    async write({ writes }, wanted) {
      writes.push(wanted)
    },
  })
  t.match(await failure(blind.run(budget, { micros: 7 }, signal)), { kind: 'retryable', outcome: 'unknown' })
})

t.test('what was refused is an error of its own', async t => {
  const refused: Budget = {
    value: 5,
    writes: [],
    lag: 0,
    fail() {
      throw new RetryableError('limit')
    },
  }
  await t.rejects(run(refused, 7), { message: 'limit' })
})
