import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { standard } from '../../support/engine.ts'
import { noon } from '../facts.ts'
import { Row, type Written } from '../row.ts'
import { read } from './raw.ts'

const WINDOW = 3
const open = (forgetful = false) =>
  Row.open('collect', 'raw.shop', { settings: { ...standard, dedup: { windowDays: WINDOW } }, forgetful })

/** An event of the 1st of January, read so many days after it. */
const seen = (key: string, day: number, fields = {}) =>
  read.event(
    { event_key: key, event_time: Date.UTC(2026, 0, 1) * 1000, event_date: '2026-01-01', ...fields },
    { at: Date.UTC(2026, 0, 1 + day) * 1000 },
  )
const facts = (written: readonly Written[]) => written.filter(w => w.topic === 'facts').length
const reasons = (written: readonly Written[]) =>
  written.filter(w => w.topic === 'deadletters').map(w => w.value.reason)

t.test('an event goes through once, whatever else it says the second time', async t => {
  const row = await open()
  t.equal(facts(row.feed(seen('a', 0), seen('a', 0), seen('b', 0))), 2)
  t.equal(facts(row.feed(seen('a', 1, { event_name: 'purchase', value_micros: 1 }))), 0)
})

t.test('the same key of another tenant is another event', async t => {
  const row = await open()
  t.equal(facts(row.feed(read.event(), read.event({}, { tenant: 'other' }))), 2)
})

t.test(
  'a day nothing came for during the window is sealed: a repeat is told from nothing any more',
  async t => {
    const row = await open()
    row.feed(seen('a', 0))
    t.equal(facts(row.feed(seen('b', WINDOW))), 1, 'the last day of the window')
    t.equal(facts(row.feed(seen('a', 2 * WINDOW))), 0, 'kept for as long after that')
    const late = row.feed(seen('a', 3 * WINDOW + 1), seen('c', 3 * WINDOW + 1))
    t.equal(facts(late), 0)
    t.strictSame(reasons(late), Array(2).fill(reasons(late)[0]))
    t.match(
      reasons(late)[0],
      /^2026-01-01 is sealed: nothing has come for it in 3 days, .* \(dedup\.windowDays\)$/,
    )
  },
)

t.test('history of any age is taken in when it is read for the first time', async t => {
  const row = await open()
  row.feed(seen('today', 1000, { event_date: '2028-09-26', event_time: Date.UTC(2028, 8, 26) * 1000 }))
  t.equal(facts(row.feed(seen('a', 1000), seen('b', 1000), seen('a', 1000))), 2)
})

t.test('the ids of a sealed day are forgotten', async t => {
  const row = await open()
  const keys = Array.from({ length: 500 }, (_, i) => `k${i}`)
  const before = row.stored
  row.feed(...keys.map(key => seen(key, 0)))
  t.ok(row.stored >= before + keys.length, 'one entry an id')
  const other = { event_date: '2026-02-01', event_time: Date.UTC(2026, 1, 1) * 1000 }
  row.feed(seen('later', 31, other))
  t.ok(row.stored < before + 20, `${row.stored} entries are left`)
})

t.test('repeats change nothing, in any order, cut anywhere, restarted anywhere', async () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const batches = fc.array(fc.array(key, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(batches, fc.boolean(), async (all, forgetful) => {
      const row = await open(forgetful)
      for (const keys of all) row.feed(...keys.map(k => seen(k, 0)))
      const ids = row.written.map(w => w.value.event_id)
      assert.equal(ids.length, new Set(all.flat()).size)
      assert.equal(new Set(ids).size, ids.length)
    }),
    { numRuns: 50 },
  )
})

t.test('a report read again is the same fact; read at another time by the platform it is not', async t => {
  const row = await open()
  t.equal(facts(row.feed(read.report(), read.report(), read.report({ as_of: noon(5) }))), 2)
})
