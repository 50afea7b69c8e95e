import t from 'tap'
import { action } from '../../../plugins/actions/action.ts'
import { fatalError, RetryableError } from '../../../plugins/errors.ts'
import { integer, object } from '../../../plugins/schema.ts'

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

const run = async (budget: Budget, micros: number) => {
  // The context is copied; the platform behind it is one.
  const shared = new Proxy(budget, {})
  return setBudget.run(proxied(shared), { micros }, signal)
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
  t.same(await run(budget, 7), { before: 5, wanted: 7, after: 7, written: true, confirmed: true })
  t.same(budget.writes, [7])
})

t.test('what is in force already is not written again', async t => {
  const budget: Budget = { value: 7, writes: [], lag: 0 }
  t.same(await run(budget, 7), { before: 7, wanted: 7, after: 7, written: false, confirmed: true })
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
  await t.rejects(run(unmade, 7), { kind: 'retryable', message: 'the change was not made' })
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
