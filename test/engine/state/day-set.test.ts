import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { DaySet } from '../../../engine/state/day-set.ts'
import { PendingState } from '../../../engine/state/pending.ts'
import { MemoryState } from './memory.ts'

const DAY_US = 86_400_000_000
const WINDOW = 3

interface Add {
  readonly scope: readonly string[]
  readonly day: string
  readonly member: string
  /** Day of arrival. */
  readonly today: number
}

type Verdict = 'new' | 'seen' | 'sealed'

/** A day set on storage that outlives it. */
class Subject {
  readonly committed = new MemoryState()
  #pending!: PendingState
  #set!: DaySet

  constructor() {
    this.restart()
  }

  add({ scope, day, member, today }: Add): Verdict {
    return this.#set.add(scope, day, member, today * DAY_US + 5)
  }

  commit(): void {
    const part = this.#pending.take()
    if (part) this.committed.apply(part)
    this.#pending.landed()
  }

  fail(): void {
    this.#pending.rollback()
    this.#set.drop()
  }

  restart(): void {
    this.#pending = new PendingState('store', this.committed)
    this.#set = new DaySet('stage', 'ids', WINDOW, this.#pending)
  }
}

/** What the set promises, in sets and maps: a day is open until nothing has arrived for it during the window. */
class Model {
  readonly #days = new Map<string, { members: Set<string>; last: number; sealed: boolean }>()
  #latest = -1

  add({ scope, day, member, today }: Add): Verdict {
    if (today > this.#latest) {
      this.#latest = today
      for (const d of this.#days.values()) if (d.last < today - WINDOW) d.sealed = true
    }
    const id = JSON.stringify([scope, day])
    const found = this.#days.get(id) ?? { members: new Set(), last: -1, sealed: false }
    this.#days.set(id, found)
    if (found.sealed) return 'sealed'
    found.last = Math.max(found.last, today)
    const verdict = found.members.has(member) ? 'seen' : 'new'
    found.members.add(member)
    return verdict
  }
}

const add = fc.record({
  scope: fc.constantFrom(['demo', 'ga4'], ['demo', 'csv'], ['demo'], ['acme', 'ga4']),
  day: fc.constantFrom('2026-01-01', '2026-01-02', '2026-01-03'),
  member: fc.constantFrom('a', 'b', 'c', 'é', ''),
  // Mostly forward; sometimes a letter that was mended arrives as of long ago.
  forward: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(0, 0, 0, 1, 2, WINDOW + 1) }, fc.constant(-5)),
})
const adds: fc.Arbitrary<Add[]> = fc.array(add, { maxLength: 60, size: 'max' }).map(steps => {
  let today = 20_000
  return steps.map(({ forward, ...rest }) => {
    today += Math.max(forward, 0)
    return { ...rest, today: forward < 0 ? today + forward : today }
  })
})

t.test('every member once a day, and never after the day was sealed', async t => {
  fc.assert(
    fc.property(adds, all => {
      const [subject, model] = [new Subject(), new Model()]
      for (const one of all) assert.equal(subject.add(one), model.add(one))
    }),
    { numRuns: 300 },
  )
  t.pass('for any arrivals')
})

t.test('restored is as continued, wherever batches end, fail and are tried again', async t => {
  const ends = fc.array(fc.constantFrom('commit', 'restart', 'retry', 'go on', 'go on'), {
    minLength: 1,
    maxLength: 20,
    size: 'max',
  })
  fc.assert(
    fc.property(adds, ends, (all, ends) => {
      const whole = new Subject()
      const wanted = all.map(one => whole.add(one))
      const subject = new Subject()
      const found: Verdict[] = []
      let batch: Add[] = []
      for (const [i, one] of all.entries()) {
        batch.push(one)
        found.push(subject.add(one))
        const end = ends[i % ends.length]
        if (end === 'go on') continue
        if (end === 'retry') {
          subject.fail()
          const first = found.splice(-batch.length)
          found.push(...batch.map(again => subject.add(again)))
          assert.deepEqual(found.slice(-batch.length), first)
        }
        subject.commit()
        batch = []
        if (end === 'restart') subject.restart()
      }
      assert.deepEqual(found, wanted)
      subject.commit()
      whole.commit()
      assert.deepEqual(
        [...subject.committed.map].sort(([a], [b]) => (a < b ? -1 : 1)),
        [...whole.committed.map].sort(([a], [b]) => (a < b ? -1 : 1)),
      )
    }),
    { numRuns: 300 },
  )
  t.pass('for any arrivals and ends')
})

t.test('a day that opened as of long ago was sealed by the next restart', async t => {
  const subject = new Subject()
  const one = (day: string, today: number): Add => ({ scope: ['demo', 'csv'], day, member: 'a', today })
  t.equal(subject.add(one('2026-01-02', 20_000)), 'new')
  t.equal(subject.add(one('2026-01-01', 20_000 - 2 * WINDOW)), 'new', 'a letter of last week, sent again')
  subject.commit()
  subject.restart()
  t.equal(subject.add(one('2026-01-02', 20_000)), 'seen')
  t.equal(subject.add(one('2026-01-01', 20_000)), 'seen')
})

t.test('far more days and members than are kept in memory', async t => {
  const subject = new Subject()
  const day = (n: number) => `day ${n % 45}`
  const one = (n: number): Add => ({ scope: ['demo', 'ga4'], day: day(n), member: `${n}`, today: 20_000 })
  const many = Array.from({ length: 9_000 }, (_, i) => ({ ...one(0), member: `m${i}` }))
  const some = Array.from({ length: 2_000 }, (_, i) => one(i))
  for (const round of ['new', 'seen', 'seen']) {
    t.ok(many.every(a => subject.add(a) === round))
    t.ok(some.every(a => subject.add(a) === round))
    subject.commit()
  }
})

t.test('what a sealed day held is gone from the disk', async t => {
  const subject = new Subject()
  const one = (day: string, member: string, today: number): Add => ({ scope: ['demo'], day, member, today })
  for (let i = 0; i < 100; i++) subject.add(one('2026-01-01', `${i}`, 20_000))
  subject.add(one('2026-01-02', 'a', 20_001))
  subject.commit()
  const size = () => subject.committed.map.size
  const full = size()
  t.equal(subject.add(one('2026-01-02', 'b', 20_000 + WINDOW)), 'new', 'at the end of the window all is open')
  t.equal(subject.add(one('2026-01-02', 'c', 20_001 + WINDOW)), 'new')
  subject.commit()
  t.equal(size(), full + 2 - 100, 'two members more, a hundred less')
  t.equal(subject.add(one('2026-01-01', '5', 20_001 + WINDOW)), 'sealed')
  t.equal(subject.add(one('2026-01-02', 'a', 20_001 + WINDOW)), 'seen')
  t.equal(
    subject.add(one('1999-12-31', 'x', 20_001 + WINDOW)),
    'new',
    'a day never seen is open, however old',
  )
})

t.test('sets of other names and stages on one partition are other sets', async t => {
  const pending = new PendingState('store', new MemoryState())
  const sets = [
    new DaySet('a', 'ids', WINDOW, pending),
    new DaySet('a', 'users', WINDOW, pending),
    new DaySet('b', 'ids', WINDOW, pending),
  ]
  for (const set of sets) t.equal(set.add(['demo'], '2026-01-01', 'm', DAY_US), 'new')
  for (const set of sets) t.equal(set.add(['demo'], '2026-01-01', 'm', DAY_US), 'seen')
})
