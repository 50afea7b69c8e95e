import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { EventFact } from '../../../pipelines/ingest/facts.ts'
import { type SessionRow, sessionKind } from '../../../pipelines/sessions/stage.ts'
import { event, noon, told } from '../facts.ts'
import { Row, type Told } from '../row.ts'

const open = (forgetful = false) => Row.open('person', 'persons', { forgetful })
const rows = (row: Row) => row.of<SessionRow>(sessionKind)

t.test('a visit is written open at the first tick, and closed half an hour after its last event', async t => {
  const row = await open()
  row.feed(told.event(event()), told.event(event({ event_id: 'f', event_time: noon(10) })))
  t.strictSame(rows(row), [], 'nothing before a tick')
  row.feed(told.tick(noon(11)))
  t.match(rows(row), [{ open: true, events: 2, revision: 4, session_key: 'anna.1', session_id: '1' }])
  row.feed(told.tick(noon(40) - 1))
  t.equal(rows(row).length, 1, 'a tick that changes nothing writes nothing')
  row.feed(told.tick(noon(40)))
  t.match(rows(row).at(-1), { open: false, events: 2, revision: 5, started_at: noon(), ended_at: noon(10) })
  row.feed(told.tick(noon(80)), told.tick(noon(90)))
  t.equal(rows(row).length, 2, 'a closed visit is looked at no more')
})

t.test('what comes late opens no second visit but revises the first', async t => {
  const row = await open()
  row.feed(told.event(event()), told.tick(noon(31)))
  row.feed(
    told.event(event({ event_id: 'late', event_time: noon(-2), device: 'desktop' })),
    told.tick(noon(32)),
  )
  t.match(rows(row), [
    { revision: 3, open: false, device: 'mobile' },
    { revision: 5, open: false, events: 2, started_at: noon(-2), device: 'desktop' },
  ])
  row.feed(told.event(event({ event_id: 'more', event_time: noon(20) })), told.tick(noon(33)))
  t.match(rows(row).at(-1), { revision: 6, open: true, events: 3 }, 'and may open it again')
})

t.test(
  'the source says what a visit is: the same id of another person, tenant or source is another',
  async t => {
    const row = await open()
    row.feed(
      told.event(event()),
      told.event(event({ event_id: 'b', person_key: 'ben', session_key: 'ben.1' })),
      told.event(event({ event_id: 'c', source: 'shop' })),
      told.event(event({ event_id: 'd', tenant_id: 'other' })),
      // Two hours later, under the same id: the source knows of no end.
      told.event(event({ event_id: 'e', event_time: noon(120) })),
      told.tick(noon(300)),
      told.tick(noon(300), { tenant_id: 'other' }),
    )
    t.strictSame(
      rows(row)
        .map(r => `${r.tenant_id} ${r.connector} ${r.session_key} ${r.events}`)
        .sort(),
      ['demo ga4 anna.1 2', 'demo ga4 ben.1 1', 'demo shop anna.1 1', 'other ga4 anna.1 1'],
    )
  },
)

t.test('events without a visit are in none', async t => {
  const row = await open()
  row.feed(told.event(event({ session_key: null, session_id: null })), told.tick(noon(60)))
  t.strictSame(rows(row), [])
})

t.test('revenue in two currencies is unknown, none is 0', async t => {
  const row = await open()
  const bought = (id: string, value_micros: number, currency: string) =>
    told.event(event({ event_id: id, event_name: 'purchase', value_micros, currency }))
  row.feed(told.event(event()), told.tick(noon(1)))
  t.match(rows(row).at(-1), { revenue_micros: 0, currency: null })
  row.feed(bought('a', 5_000_000, 'EUR'), told.tick(noon(2)))
  t.match(rows(row).at(-1), { revenue_micros: 5_000_000, currency: 'EUR', purchases: 1 })
  row.feed(bought('b', 5_000_000, 'USD'), told.tick(noon(3)))
  t.match(rows(row).at(-1), { revenue_micros: null, currency: null, purchases: 2 })
})

interface Step {
  readonly minute: number
  readonly person: string
  readonly n: number
}

const visit: fc.Arbitrary<Step> = fc.record({
  minute: fc.nat({ max: 120 }),
  person: fc.constantFrom('anna', 'ben'),
  n: fc.nat(1),
})
const story = fc.array(fc.oneof({ weight: 4, arbitrary: visit }, fc.constant('tick' as const)), {
  minLength: 1,
  maxLength: 25,
})

/** Events in order of arrival, ticks at the latest instant that has been seen, and a last one that closes all. */
function toldOf(steps: readonly (Step | 'tick')[]): Told[] {
  let latest = noon()
  const all = steps.map((step, i) => {
    if (step === 'tick') return told.tick(latest)
    latest = Math.max(latest, noon(step.minute))
    const fields: Partial<EventFact> = { event_id: `e${i}`, event_time: noon(step.minute) }
    return told.event(
      event({
        ...fields,
        person_key: step.person,
        session_key: `${step.person}.${step.n}`,
        session_id: `${step.n}`,
      }),
    )
  })
  return [...all, told.tick(latest + 31 * 60_000_000)]
}

t.test(
  'revisions of a visit only grow, the last is closed and has every event; cuts change nothing',
  async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.array(fc.nat({ max: 25 }), { maxLength: 5 }), async (steps, cuts) => {
        const all = toldOf(steps)
        const whole = await open()
        whole.feed(...all)
        const parts = await open(true)
        const at = [0, ...new Set(cuts.filter(c => c < all.length)), all.length].sort((a, b) => a - b)
        for (const [i, end] of at.slice(1).entries()) parts.feed(...all.slice(at[i], end))
        assert.deepEqual(rows(parts), rows(whole))
        const counts = new Map<unknown, number>()
        for (const { kind, value } of all)
          if (kind === 'event') counts.set(value.session_key, (counts.get(value.session_key) ?? 0) + 1)
        for (const [key, n] of counts) {
          const of = rows(whole).filter(r => r.session_key === key)
          const revisions = of.map(r => r.revision)
          assert.deepEqual(
            revisions,
            [...new Set(revisions)].sort((a, b) => a - b),
          )
          assert.deepEqual([of.at(-1)?.open, of.at(-1)?.events], [false, n])
        }
      }),
      { numRuns: 60 },
    )
  },
)
