import { fatalError, RetryableError } from '../../../plugins/errors.ts'
import type { WebReportRecord } from '../../../plugins/records/web-report.ts'
import type { Row } from '../../../plugins/rows/index.ts'
import { currencyOf } from '../money.ts'
import { DIMENSIONS } from './query.ts'

/** One page of a report. */
export interface Report {
  /** Cells by the names of their columns, as text, and `row`: its number in the whole report, from 1. */
  readonly rows: readonly Row[]
  /** Of the whole report. */
  readonly total: number
  readonly currency: string
  readonly zone: string
  readonly quality: WebReportRecord['quality']
  /** Metrics that the user has no right to see: their figures are none. */
  readonly restricted: ReadonlySet<string>
}

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const namesOf = (headers: unknown) => listOf(headers).map(h => (isObject(h) ? String(h.name) : ''))

/**
 * An answer of `runReport`. Proto3 JSON leaves out what is empty, zero or false.
 * @throws retryable: it is none, or was cut; fatal: it lacks a column rows are told apart by
 */
export function reportOf(body: unknown, offset: number): Report {
  if (!isObject(body)) throw new RetryableError("the Data API's answer is no report: it is no object")
  const { metadata, rows, rowCount } = body
  if (!isObject(metadata)) throw new RetryableError("the Data API's answer is no report: it has no metadata")
  const zone = String(metadata.timeZone ?? '')
  const currency = currencyOf(String(metadata.currencyCode ?? ''))
  if (!isZone(zone)) throw fatalError(`the property's time zone '${zone}' is not known`)
  if (currency === null)
    throw fatalError(`the property's currency '${String(metadata.currencyCode)}' is not one of ISO 4217`)
  const total = Number(rowCount ?? 0)
  if (!Number.isSafeInteger(total) || total < 0 || (rowCount === undefined && listOf(rows).length > 0))
    throw new RetryableError("the Data API's answer does not say how many rows there are (rowCount)")
  const dimensions = namesOf(body.dimensionHeaders)
  const metrics = namesOf(body.metricHeaders)
  const lacking = listOf(rows).length === 0 ? undefined : DIMENSIONS.find(name => !dimensions.includes(name))
  if (lacking !== undefined) throw fatalError(`the report has no column ${lacking}`)
  return {
    rows: listOf(rows).map((row, i) => ({
      row: offset + i + 1,
      ...cells(dimensions, isObject(row) ? row.dimensionValues : null),
      ...cells(metrics, isObject(row) ? row.metricValues : null),
    })),
    total,
    currency,
    zone,
    ...doubts(metadata),
  }
}

function doubts(metadata: Json): Pick<Report, 'quality' | 'restricted'> {
  const restriction = metadata.schemaRestrictionResponse
  const restricted = new Set(
    listOf(isObject(restriction) ? restriction.activeMetricRestrictions : null).map(r =>
      isObject(r) ? String(r.metricName) : '',
    ),
  )
  const quality: WebReportRecord['quality'][number][] = []
  if (metadata.subjectToThresholding === true) quality.push('thresholded')
  if (listOf(metadata.samplingMetadatas).length > 0) quality.push('sampled')
  if (metadata.dataLossFromOtherRow === true) quality.push('other_row')
  if (restricted.size > 0) quality.push('restricted')
  return { quality, restricted }
}

/** What is there and empty is `''`; a row without the list has nothing. */
function cells(names: readonly string[], values: unknown): Row {
  if (!Array.isArray(values)) return {}
  return Object.fromEntries(
    names.map((name, i) => [name, isObject(values[i]) ? (values[i].value ?? '') : undefined]),
  )
}

function isZone(zone: string): boolean {
  if (zone === '') return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== null
  } catch {
    return false
  }
}
