import { isDay } from '../../engine/clock/days.ts'
import { isCurrency } from '../../engine/currency.ts'
import { type CsvRow, csvRows, numberIn } from '../csv-rows.ts'
import type { Week } from './model/history.ts'
import { weekOf } from './model/weeks.ts'

/** A campaign of a file. Money is in major units. */
export interface FileCampaign {
  readonly campaign: string
  readonly platform: string
  /** ISO 4217; empty: the file does not say. */
  readonly currency: string
  readonly weeks: readonly FileWeek[]
}

/** A week as it stands in a file: what is left empty is null. */
export type FileWeek = Omit<Week, 'result' | 'conversions'> & {
  readonly revenue: number | null
  readonly conversions: number | null
}

const COLUMNS = ['campaign', 'platform', 'week', 'spend', 'revenue', 'conversions'] as const
/** Beyond them a sum of weeks is not exact, and no budget is that large. */
const MOST = 1e12

/**
 * The campaigns of a CSV file, a row a week. A week is a number, or a day of it.
 * @throws NOT_FOUND, RECORD_INVALID: says file, line and what to do
 */
export async function campaignsOf(file: string, signal: AbortSignal): Promise<FileCampaign[]> {
  const found = new Map<string, FileCampaign & { readonly weeks: FileWeek[] }>()
  const seen = new Set<string>()
  for await (const row of csvRows(file, COLUMNS, signal)) {
    const [campaign, platform] = [text(row, 'campaign'), text(row, 'platform').toLowerCase()]
    const currency = currencyOf(row)
    const known = found.get(campaign) ?? { campaign, platform, currency, weeks: [] }
    if (known.platform !== platform || known.currency !== currency)
      throw row.bad(
        `campaign "${campaign}" was of ${known.platform} ${known.currency} above: give each a name of its own`,
      )
    found.set(campaign, known)
    const week = weekIn(row)
    const key = JSON.stringify([campaign, week])
    if (seen.has(key))
      throw row.bad(`campaign "${campaign}" has this week twice: one row a week, its days added up`)
    seen.add(key)
    const spend = amount(row, 'spend', 0)
    known.weeks.push({
      week,
      spend: spend ?? 0,
      // Of a week whose spend is not known nothing can be learnt.
      revenue: spend === null ? null : amount(row, 'revenue', -MOST),
      conversions: spend === null ? null : amount(row, 'conversions', 0),
    })
  }
  return [...found.values()]
}

function text(row: CsvRow, column: string): string {
  const value = (row.record[column] ?? '').trim()
  if (value === '') throw row.bad(`${column} is empty`)
  return value
}

function currencyOf(row: CsvRow): string {
  const currency = (row.record.currency ?? '').trim().toUpperCase()
  if (currency !== '' && !isCurrency(currency)) throw row.bad(`currency "${currency}" is none of ISO 4217`)
  return currency
}

function amount(row: CsvRow, column: string, least: number): number | null {
  const value = numberIn(row, column)
  if (value !== null && (value < least || value > MOST))
    throw row.bad(`${column} ${value} is not between ${least} and ${MOST}; a gap is left empty`)
  return value
}

function weekIn(row: CsvRow): number {
  const value = text(row, 'week')
  if (/^\d{1,6}$/.test(value)) return Number(value)
  if (!isDay(value)) throw row.bad(`week "${value}" is no week: 12, or a day of it (2026-01-05)`)
  return weekOf(value)
}
