import assert from 'node:assert/strict'
import type { Command } from '../../../engine/command/command.ts'
import {
  type PacingAlert,
  type PacingRow,
  pacingAlertKind,
  pacingKind,
} from '../../../pipelines/pacing/kinds.ts'
import { ask, command } from '../commands.ts'
import { event, report, told } from '../facts.ts'
import { Row, type Told } from '../row.ts'
import { dates, startOf } from '../signals/shop.ts'

export const DAY = 86_400_000_000
export const HOUR = DAY / 24

export interface Day {
  readonly date: string
  /** Units. */
  readonly spend?: number
  readonly revenue?: number
  readonly conversions?: number
  readonly sold?: number
}

/** Other fields of a report: of another account, of another currency. */
type More = Readonly<Record<string, string>>

export const said = (
  { date, spend = 100, revenue = 300, conversions = 10 }: Day,
  asOf: number,
  share = 1,
  more: More = {},
): Told =>
  told.report(
    report({
      event_id: `${date} ${asOf} ${spend} ${more.account_id ?? ''}`,
      event_time: startOf(date),
      ingest_time: asOf,
      date,
      as_of: asOf,
      spend_micros: Math.round(spend * share * 1e6),
      conversions_micros: Math.round(conversions * share * 1e6),
      revenue_micros: Math.round(revenue * share * 1e6),
      ...more,
    }),
  )

export const sale = (date: string, amount: number, at = startOf(date) + 12 * HOUR): Told =>
  told.event(
    event({
      event_id: `sold ${date} ${at}`,
      event_time: at,
      ingest_time: at,
      event_date: date,
      event_name: 'purchase',
      transaction_id: `order ${date} ${at}`,
      value_micros: Math.round(amount * 1e6),
      currency: 'EUR',
    }),
  )

/** A day as it goes: the site sells at noon, the platform reports at noon, at midnight and two hours later. */
function live(day: Day): Told[] {
  const start = startOf(day.date)
  return [
    sale(day.date, day.sold ?? 5_000),
    said(day, start + 12 * HOUR, 0.5),
    told.tick(start + 12 * HOUR),
    told.tick(start + 19 * HOUR),
    said(day, start + DAY + HOUR),
    told.tick(start + DAY + HOUR),
    told.tick(start + DAY + 2 * HOUR),
    told.tick(start + DAY + 8 * HOUR),
  ]
}

export const each = (from: string, days: number, of: (i: number) => Omit<Day, 'date'> = () => ({})): Told[] =>
  [...dates(from, days)].flatMap((date, i) => live({ date, ...of(i) }))

/** Sixty days of the same, up to the end of February 2026. */
export const before = (): Told[] =>
  [...dates('2025-12-31', 60)].flatMap(date => {
    const end = startOf(date) + DAY
    return [sale(date, 5_000), said({ date }, end + HOUR), told.tick(end + HOUR), told.tick(end + 2 * HOUR)]
  })

export const set = (change: unknown, more: Partial<Command> = {}): Told => {
  const at = startOf('2026-02-28') + 30 * HOUR
  return command('settings.set', { subject: 'targets', change }, { event_time: at, ingest_time: at, ...more })
}

export const march = { start_date: '2026-03-01', end_date: '2026-03-31' }
export const spendOf = (cents: number) => ({ metric_type: 'SPEND', target_value_cents: cents, ...march })

/** A row with a target and what came before it. */
export async function paced(target: unknown, { forgetful = false } = {}): Promise<Row> {
  const row = await Row.open('tenant', 'facts', { forgetful })
  row.feed(...before())
  const answer = ask(row, set({ march: target }))
  assert.equal(answer.code, null, answer.message)
  return row
}

export const rows = (row: Row, date?: string): PacingRow[] =>
  row.of<PacingRow>(pacingKind).filter(one => date === undefined || one.date === date)
export const alerts = (row: Row): Partial<PacingAlert>[] =>
  row
    .of<PacingAlert>(pacingAlertKind)
    .map(({ type, severity, cleared_by, revision }) => ({ type, severity, cleared_by, revision }))
