import t from 'tap'
import type { StoredRecord } from '../../../engine/log/port.ts'
import { boundedBy, placeOf, Span } from '../../../engine/replay/span.ts'

const record = (offset: number, time: number): StoredRecord => ({
  offset,
  time,
  key: Buffer.from('acme'),
  value: null,
})

/** A letter for each record: before, within, after. */
const walk = (from: string | undefined, to: string | undefined, records: readonly StoredRecord[]) => {
  const span = new Span(boundedBy(from, to))
  return records.map(r => span.where(r)[0]).join('')
}

const DAY = Date.parse('2026-01-05') * 1000
const HOUR = 3_600_000_000

t.test('a place is an offset or an instant', async t => {
  t.equal(placeOf('--from', undefined), null)
  t.same(placeOf('--from', '0'), { by: 'offset', at: 0 })
  t.same(placeOf('--from', '2026-01-05'), { by: 'time', at: DAY })
  t.same(placeOf('--from', '2026-01-05T01:00:00Z'), { by: 'time', at: DAY + HOUR })
  t.same(placeOf('--from', '2026-01-05T01:00+01:00'), { by: 'time', at: DAY })
  for (const bad of ['', '-1', '1.5', 'yesterday', '2026-01-05T01:00', '2026-13-05', '2026-01-05 01:00'])
    t.throws(() => placeOf('--to', bad), { code: 'USAGE', message: /^--to .*2026-01-31T10:00:00Z$/ }, bad)
})

t.test('an end that is not after its beginning is refused, where both are of one sort', async t => {
  t.throws(() => boundedBy('5', '5'), { code: 'USAGE', message: '--to 5 is not after --from 5' })
  t.throws(() => boundedBy('2026-01-06', '2026-01-05'), { code: 'USAGE' })
  t.ok(boundedBy('5', '2026-01-05'))
})

t.test('by offsets, which have gaps', async t => {
  const records = [0, 1, 4, 5, 9].map(offset => record(offset, DAY))
  t.equal(walk(undefined, undefined, records), 'wwwww')
  t.equal(walk('2', undefined, records), 'bbwww')
  t.equal(walk('4', '9', records), 'bbwwa')
  t.equal(walk(undefined, '0', records), 'aaaaa')
  t.equal(walk('10', undefined, records), 'bbbbb')
})

t.test('by time: the first record of then or later, also where times fall back after it', async t => {
  const records = [0, 2, 1, 3, 2].map((hour, offset) => record(offset, DAY + hour * HOUR))
  t.equal(walk('2026-01-05T01:30:00Z', undefined, records), 'bwwww')
  t.equal(walk(undefined, '2026-01-05T03:00:00Z', records), 'wwwaa')
  t.equal(walk('1', '2026-01-05T03:00:00Z', records), 'bwwaa')
  t.equal(walk('2026-01-06', '2026-01-07', records), 'bbbbb')
})
