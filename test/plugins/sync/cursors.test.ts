import fc from 'fast-check'
import t from 'tap'
import { drive } from '../../../plugins/sync/drive.ts'
import { byDay, byTime, type DaySlice, full, PositionLost } from '../../../plugins/sync/index.ts'
import { at, walk } from './support.ts'

const daily = byDay('date', { restated: 28, slice: 7, history: 90, zone: () => 'America/New_York' })

t.test('the first run reads the history, the next the days that may have changed', async t => {
  const first = await walk(daily, at('2026-03-31T12:00:00Z'), null, () => 1)
  t.equal(first[0]!.slice.from, '2026-01-01')
  t.equal(first.at(-1)!.slice.to, '2026-03-31')
  t.same(first.at(-1)!.state, { version: 1, through: '2026-03-31', run: null })
  const next = await walk(daily, at('2026-04-01T12:00:00Z'), first.at(-1)!.state, () => 1)
  t.equal(next[0]!.slice.from, '2026-03-04', '28 days back from the last one read')
  t.equal(next.at(-1)!.slice.to, '2026-04-01')
  t.equal(next[0]!.slice.restatedFrom, '2026-03-05')
})

t.test('today is the account’s day', async t => {
  const steps = await walk(daily, at('2026-04-01T03:00:00Z'), null, () => 1)
  t.equal(steps.at(-1)!.slice.to, '2026-03-31', 'it is still yesterday in New York')
})

t.test('slices meet without a gap and without an overlap, whatever their length', async t => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 30 }),
      async (slice, history, restated) => {
        const cursor = byDay('date', { restated, slice, history })
        const steps = await walk(cursor, at('2026-03-31T12:00:00Z'), null, () => 1)
        const days = steps.flatMap(s => daysOf(s.slice))
        t.equal(days.length, history)
        t.equal(new Set(days).size, history)
      },
    ),
  )
})

function daysOf({ from, to }: DaySlice): string[] {
  const days: string[] = []
  for (let day = Date.parse(from); day <= Date.parse(to); day += 86_400_000)
    days.push(new Date(day).toISOString().slice(0, 10))
  return days
}

t.test('a run cut off at any state goes on there: no page is left out and none is read again', async t => {
  const pages = (slice: unknown) => JSON.stringify(slice).length % 4
  const cursors = {
    daily,
    changed: byTime('updated', { lookBack: 60_000 }),
    full: full(),
  } as const
  for (const [name, cursor] of Object.entries(cursors)) {
    const day = at('2026-03-31T12:00:00Z')
    const all = await walk(cursor as never, day, null, name === 'daily' ? pages : () => 5)
    t.ok(all.length > 3, name)
    for (const [i, step] of all.slice(0, -1).entries()) {
      // A day later: what was under way is still brought to its end first.
      const later = at('2026-04-01T12:00:00Z')
      const rest = await walk(
        cursor as never,
        name === 'daily' ? day : later,
        step.state,
        name === 'daily' ? pages : () => 5,
      )
      t.same(
        rest.map(s => [s.slice, s.page]),
        all.slice(i + 1).map(s => [s.slice, s.page]),
        `${name} from ${JSON.stringify(step.state)}`,
      )
    }
  }
})

t.test('what changed since, and a little before', async t => {
  const cursor = byTime('updated', { lookBack: 60_000, lag: 5_000 })
  const [first] = await walk(cursor, at('2026-03-31T12:00:00Z'), null, () => 1)
  const noon = Date.parse('2026-03-31T12:00:00Z') * 1000
  t.same(first!.slice, { from: null, to: noon - 5_000_000 })
  const [second] = await walk(cursor, at('2026-03-31T13:00:00Z'), first!.state, () => 1)
  t.same(second!.slice, { from: noon - 65_000_000, to: noon + 3_600_000_000 - 5_000_000 })
})

t.test('a page the platform has forgotten is no end: its slice is read again from the start', async t => {
  let asked: unknown[] = []
  const batches = drive(
    full(),
    at('2026-03-31T12:00:00Z'),
    { version: 1, next: 'old' } as const,
    async function* (_, from) {
      asked.push(from)
      if (from === 'old') throw new PositionLost('expired')
      yield { records: [{ a: 1 }], next: null }
    },
  )
  const got: unknown[] = []
  for await (const batch of batches) got.push(batch)
  t.same(asked, ['old', null])
  t.same(got, [{ records: [{ a: 1 }], state: { version: 1, next: null } }])
  asked = []
  await t.rejects(
    async () => {
      for await (const _ of drive(full(), at('2026-03-31T12:00:00Z'), null, async function* () {
        yield* []
        throw new PositionLost('again')
      }));
    },
    { message: 'again' },
    'and not for ever',
  )
})
