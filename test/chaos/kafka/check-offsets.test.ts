import t from 'tap'
import { compared } from './check-offsets.ts'

const places = (...offsets: number[]) => new Set(offsets.map(o => `stratum.facts/0@${o}`))
const counts = (...offsets: number[]) => {
  const found = new Map<string, number>()
  for (const place of offsets.map(o => `stratum.facts/0@${o}`)) found.set(place, (found.get(place) ?? 0) + 1)
  return found
}

t.test('offsets that are there once each are right, gaps or not', async t => {
  t.strictSame(compared('events', places(1, 2, 9), counts(9, 1, 2)), [])
})

t.test('lost, doubled and alien offsets are told apart, each with where it is', async t => {
  t.strictSame(compared('events', places(1, 2, 9), counts(1, 9)), ['events: 1 lost (stratum.facts/0@2)'])
  t.strictSame(compared('events', places(1, 2), counts(1, 2, 2)), ['events: 1 doubled (stratum.facts/0@2)'])
  t.strictSame(compared('events', places(1), counts(1, 7)), [
    'events: 1 of no such record (stratum.facts/0@7)',
  ])
  t.equal(compared('events', places(1, 2), counts(2, 2, 3)).length, 3)
})
