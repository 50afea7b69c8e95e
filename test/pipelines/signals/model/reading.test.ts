import t from 'tap'
import { atTick, isRead, newRow, noReading } from '../../../../pipelines/signals/model/reading.ts'

const MINUTE = 60_000_000

t.test('a history read day by day is whole up to the day before', async t => {
  const reading = noReading()
  for (const [i, date] of ['2026-01-01', '2026-01-02', '2026-01-03'].entries()) {
    newRow(reading, date)
    atTick(reading, (i + 1) * 60 * MINUTE)
    t.equal(isRead(reading, date), false, date)
  }
  t.equal(isRead(reading, '2026-01-02'), true)
  atTick(reading, 3 * 60 * MINUTE + 9 * MINUTE)
  t.equal(isRead(reading, '2026-01-03'), false, 'it may go on')
  atTick(reading, 3 * 60 * MINUTE + 10 * MINUTE)
  t.equal(isRead(reading, '2026-01-03'), true)
})

t.test('a history read campaign by campaign is whole when it is over', async t => {
  const reading = noReading()
  for (let campaign = 1; campaign <= 5; campaign++) {
    for (const date of ['2026-01-01', '2026-02-01']) newRow(reading, date)
    atTick(reading, campaign * MINUTE)
    newRow(reading, '2026-01-15')
    t.equal(isRead(reading, '2026-01-01'), false)
    t.equal(isRead(reading, '2025-12-31'), true)
  }
  atTick(reading, 30 * MINUTE)
  atTick(reading, 41 * MINUTE)
  t.equal(isRead(reading, '2026-02-01'), true)
})

t.test('what comes after a tick is not whole at once', async t => {
  const reading = noReading()
  atTick(reading, MINUTE)
  t.equal(isRead(reading, '2026-01-05'), true)
  newRow(reading, '2026-01-05')
  t.equal(isRead(reading, '2026-01-05'), false)
})
