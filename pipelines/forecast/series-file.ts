import { addDays, daysBetween } from '../../engine/clock/days.ts'
import { StratumError } from '../../engine/errors.ts'
import { timeOf } from '../anomaly/model/series-time.ts'
import { type CsvRow, csvRows, numberIn } from '../csv-rows.ts'

/** Squares of larger ones, summed, are no numbers any more. */
const LARGEST = 1e120
/** Months of 28 and of 31 days are one apart; a gap is more. */
const WIDEST_STEP = 1.5
/** A year that was typed wrong would be a million missing days. */
const LONGEST_DAYS = 40_000

interface Read {
  readonly date: string | null
  readonly at: number | null
  readonly value: number | null
  readonly row: CsvRow
}

/**
 * A series without gaps, in the order of its file: columns `date` (any equal steps) and `value`, or `value` alone.
 * @throws StratumError RECORD_INVALID: a gap, a date out of order, no values
 */
export async function steps(file: string, signal: AbortSignal): Promise<number[]> {
  const rows = await read(file, signal)
  const values = rows.map(({ value, row }) => {
    if (value === null) throw row.bad('there is no value: fill the gap, or use --model month-end, which does')
    return value
  })
  const widths = rows.slice(1).map(({ at }, i) => (at === null ? 0 : at - rows[i]!.at!))
  const step = widths.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const gap = widths.findIndex(width => width > WIDEST_STEP * step)
  if (gap !== -1)
    throw rows[gap + 1]!.row.bad(
      `there is a gap before ${rows[gap + 1]!.date}: fill it, or use --model month-end for days`,
    )
  return values
}

/**
 * A series of days: a day that its file does not have, or has without a value, is null. Without dates each row is a day.
 * @throws StratumError RECORD_INVALID: a date that is no day, or out of order
 */
export async function days(file: string, signal: AbortSignal): Promise<(number | null)[]> {
  const rows = await read(file, signal)
  const all: (number | null)[] = []
  let next: string | null = null
  for (const { date, value, row } of rows) {
    if (date !== null) {
      if (!/^\d{4}-\d\d-\d\d$/.test(date)) throw row.bad(`date "${date}" is no day: 2026-01-15`)
      const missing: number = next === null ? 0 : daysBetween(next, date)
      if (all.length + missing > LONGEST_DAYS)
        throw row.bad(`date ${date} is ${missing} days after the one above`)
      for (let i = 0; i < missing; i++) all.push(null)
      next = addDays(date, 1)
    }
    all.push(value)
  }
  return all
}

async function read(file: string, signal: AbortSignal): Promise<Read[]> {
  const rows: Read[] = []
  for await (const row of csvRows(file, ['value'], signal)) {
    const date = row.record.date?.trim() ?? null
    const at = date === null ? null : timeOf(date, 'UTC')
    if (date !== null && at === null)
      throw row.bad(`date "${date}" is no date: 2026-01-15, 2026-01-15 14:00:00, or ISO 8601`)
    const before = rows.at(-1)?.at ?? null
    if (at !== null && before !== null && at <= before)
      throw row.bad(`date ${date} is not after the one above it: sort the file by date, one row each`)
    const value = numberIn(row, 'value')
    if (value !== null && Math.abs(value) > LARGEST)
      throw row.bad(`value ${value} is too large: at most ${LARGEST}`)
    rows.push({ date, at, value, row })
  }
  if (rows.length === 0) throw new StratumError('RECORD_INVALID', `${file}: there are no rows`)
  return rows
}
