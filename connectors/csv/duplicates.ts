import type { AdReportRecord } from '../../plugins/records/ad-report.ts'
import { ValueError } from './values.ts'

export const PRIMARY_KEY = ['platform', 'account_id', 'campaign_id', 'adset_id', 'ad_id', 'date'] as const

const keyOf = (record: AdReportRecord) => JSON.stringify(PRIMARY_KEY.map(field => record[field]))

/**
 * What a file's rows of one key become. `add` gives the record to hand on now, or null when it waits; it throws a
 * ValueError when the row is refused. `sums` are the records that waited, in the order their keys appeared.
 * Memory grows with the keys of one file.
 */
export interface Duplicates {
  add(record: AdReportRecord, line: number): AdReportRecord | null
  sums(): AdReportRecord[]
}

/** The first row of a key counts, later ones are refused. */
export function rejecting(): Duplicates {
  const lines = new Map<string, number>()
  return {
    add(record, line) {
      const key = keyOf(record)
      const first = lines.get(key)
      if (first !== undefined)
        throw new ValueError(
          `lines ${first} and ${line} report the same ad and day: keep one, or set duplicates=sum for a break-down`,
        )
      lines.set(key, line)
      return record
    },
    sums: () => [],
  }
}

const ADDITIVE = ['impressions', 'clicks', 'spend_micros', 'revenue_micros', 'conversions_micros'] as const

/**
 * Rows of a break-down (age, country …) add up. A sum with an unknown part is unknown; people reached in two rows
 * may be the same, so that the reach of several rows is unknown too.
 */
export function summing(): Duplicates {
  const byKey = new Map<string, { record: AdReportRecord; line: number }>()
  return {
    add(record, line) {
      const key = keyOf(record)
      const found = byKey.get(key)
      if (found) found.record = added(found.record, record, found.line, line)
      else byKey.set(key, { record, line })
      return null
    },
    sums: () => [...byKey.values()].map(({ record }) => record),
  }
}

function added(a: AdReportRecord, b: AdReportRecord, first: number, line: number): AdReportRecord {
  if (a.currency !== b.currency)
    throw new ValueError(`lines ${first} and ${line} are one ad and day in ${a.currency} and ${b.currency}`)
  const sums = ADDITIVE.map(field => {
    const sum = a[field] === null || b[field] === null ? null : a[field] + b[field]
    if (sum !== null && !Number.isSafeInteger(sum))
      throw new ValueError(`lines ${first} to ${line} add up to more ${field} than can be held exactly`)
    return [field, sum] as const
  })
  return {
    ...a,
    ...Object.fromEntries(sums),
    reach: null,
    settled: a.settled && b.settled,
    as_of: Math.max(a.as_of, b.as_of),
  }
}
