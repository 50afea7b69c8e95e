import { ApiFailure, queryError } from '../errors.ts'
import { ENUMS, FIELDS, RESOURCES } from './catalogue.ts'
import type { Query } from './parse.ts'

const isSegment = (field: string): boolean => field.startsWith('segments.')
const isMetric = (field: string): boolean => field.startsWith('metrics.')

/** What the platform refuses of a query that can be parsed. @throws ApiFailure */
export function checked(query: Query): Query {
  const resource = RESOURCES[query.from]
  if (resource === undefined)
    throw queryError(
      'BAD_RESOURCE_TYPE_IN_FROM_CLAUSE',
      `Error in FROM clause: '${query.from}' is no resource.`,
    )
  const { select, where, orderBy } = query
  const conditions = where.map(c => c.field)
  const all = [...select, ...conditions, ...orderBy.map(o => o.field)]
  const unknown = all.filter(field => !FIELDS.has(field))
  if (unknown.length > 0)
    throw queryError(
      'UNRECOGNIZED_FIELD',
      `Unrecognized fields in the query: ${unknown.map(f => `'${f}'`).join(', ')}.`,
    )
  for (const field of all) {
    const [prefix] = field.split('.') as [string]
    if (isSegment(field) || isMetric(field)) {
      if (!resource.hasMetrics)
        throw queryError(
          isMetric(field)
            ? 'PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE'
            : 'PROHIBITED_SEGMENT_IN_SELECT_OR_WHERE_CLAUSE',
          `'${field}' cannot be used with '${query.from}'.`,
        )
    } else if (prefix !== query.from && !resource.with.includes(prefix))
      throw queryError(
        'PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE',
        `'${field}' is of a resource that cannot be selected with '${query.from}'.`,
      )
  }
  // A day may be asked for in WHERE alone; other metrics have to be selected.
  for (const field of [
    ...conditions.filter(isMetric),
    ...orderBy.map(o => o.field).filter(f => isMetric(f) || isSegment(f)),
  ])
    if (!select.includes(field))
      throw queryError(
        'EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE',
        `'${field}' must be in the SELECT clause.`,
      )
  if (select.includes('segments.date') && !conditions.includes('segments.date'))
    throw queryError('EXPECTED_FILTERS_ON_DATE_RANGE', 'A finite date range is required.')
  for (const { field, values } of where) checkValues(field, values)
  return query
}

function checkValues(field: string, values: readonly string[]): void {
  const type = FIELDS.get(field)
  for (const value of values) {
    if (type === 'int64' && !/^-?\d+$/.test(value))
      throw queryError('BAD_VALUE', `'${value}' is no value of '${field}'.`)
    if (field === 'segments.date' && !/^\d{4}-\d\d-\d\d$/.test(value))
      throw queryError('INVALID_DATE_FORMAT', `Invalid date format '${value}'. Expected 'YYYY-MM-DD'.`)
    if (type === 'enum' && ENUMS[field] && !ENUMS[field].includes(value))
      throw queryError('BAD_ENUM_CONSTANT', `'${value}' is no constant of '${field}'.`)
  }
}

const DAY_MS = 86_400_000

/**
 * A query of `change_event` must have a LIMIT and a finite range within 30 days (change_event_error.proto).
 * @param today milliseconds of the local time, as if it were UTC @throws ApiFailure: changeEventError
 */
export function checkChangeQuery({ where, limit }: Query, localNow: number): void {
  const refuse = (code: string, message: string) =>
    new ApiFailure({ category: 'changeEventError', code, message })
  if (limit === null)
    throw refuse('LIMIT_NOT_SPECIFIED', 'The change_event search request must specify a LIMIT.')
  if (limit > 10_000) throw refuse('INVALID_LIMIT_CLAUSE', 'The LIMIT should be less than or equal to 10K.')
  const times = where.filter(c => c.field === 'change_event.change_date_time')
  const bound = (operators: readonly string[]) => times.find(c => operators.includes(c.operator))?.values[0]
  const [from, to] = [bound(['>=', '>', '=']), bound(['<=', '<', '='])]
  if (from === undefined || to === undefined)
    throw refuse(
      'CHANGE_DATE_RANGE_INFINITE',
      'The request must specify a finite range filter on change_date_time.',
    )
  if (from > to) throw refuse('CHANGE_DATE_RANGE_NEGATIVE', 'The start time is after the end time.')
  const start = Date.parse(`${from.replace(' ', 'T').slice(0, 19)}${from.length > 10 ? 'Z' : 'T00:00:00Z'}`)
  if (Number.isNaN(start)) throw queryError('BAD_VALUE', `'${from}' is no time.`)
  if (start < localNow - 30 * DAY_MS)
    throw refuse(
      'START_DATE_TOO_OLD',
      'The requested start date is too old. It cannot be older than 30 days.',
    )
}
