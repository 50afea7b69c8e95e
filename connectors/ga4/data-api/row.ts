import { createHash } from 'node:crypto'
import { MoneyError, safe, scaled } from '../../../plugins/money/index.ts'
import { redactPii } from '../../../plugins/privacy/redact.ts'
import type { WebReportRecord } from '../../../plugins/records/web-report.ts'
import { money, needed, type Row, RowError, text } from '../../../plugins/rows/index.ts'
import type { Report } from './answer.ts'
import type { Dimension, Metric } from './query.ts'

/** What is the same for all rows of a report. */
export interface Said extends Pick<Report, 'currency' | 'quality' | 'restricted'> {
  readonly propertyId: string
  /** The report may still change a day from this one on. */
  readonly restatedFrom: string
  /** UTC microseconds. */
  readonly asOf: number
}

/** A row of the report as a record. @throws RowError: a cell is not what its column holds */
export function webReport(row: Row, said: Said): WebReportRecord {
  const date = dayOf(row)
  const { currency, quality, restricted } = said
  /** Google answers 0 where a right is missing. */
  const seen = <T>(metric: Metric, read: (metric: Metric) => T): T | null =>
    restricted.has(metric) ? null : read(metric)
  return {
    property_id: said.propertyId,
    date,
    traffic_source: named(row, 'sessionSource'),
    traffic_medium: named(row, 'sessionMedium'),
    campaign: named(row, 'sessionCampaignName'),
    channel: named(row, 'sessionDefaultChannelGroup'),
    sessions: seen('sessions', m => whole(row, m)),
    users: seen('totalUsers', m => whole(row, m)),
    conversions_micros: seen('keyEvents', m => millionths(row, m)),
    purchases: seen('ecommercePurchases', m => whole(row, m)),
    revenue_micros: seen('purchaseRevenue', m => money(row, m, currency)),
    currency,
    settled: date < said.restatedFrom,
    quality,
    as_of: said.asOf,
  }
}

function dayOf(row: Row): string {
  const value = needed(text(row, 'date'), 'date')
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(value) ?? []
  if (year === undefined) throw new RowError(`date is '${value.slice(0, 20)}', not YYYYMMDD`)
  return `${year}-${month}-${day}`
}

/**
 * A name in the report's words. Of one that held somebody's address a hash stays behind it: two such names would be
 * one row, and one's figures lost.
 */
function named(row: Row, field: Dimension): string {
  const value = row[field]
  if (typeof value !== 'string')
    throw new RowError(`${field} is ${value === undefined ? 'missing' : 'no text'}`)
  const clean = redactPii(value)
  return clean === value ? value : `${clean} ${createHash('sha256').update(value).digest('hex').slice(0, 8)}`
}

function whole(row: Row, field: Metric): number | null {
  const value = text(row, field)
  if (value === null) return null
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(Number(value)))
    throw new RowError(`${field} is '${value.slice(0, 20)}', not a whole number`)
  return Number(value)
}

function millionths(row: Row, field: Metric): number | null {
  const value = text(row, field)
  if (value === null) return null
  try {
    return safe(scaled(value, 6), value)
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error
    throw new RowError(`${field}: ${error.message}`)
  }
}
