import { addDays, dayIn, startOfDay } from '../../../plugins/sync/index.ts'
import type { Node } from './account-tree.ts'
import { badRequest } from './errors.ts'
import { HOUR_US, type Interval } from './figures.ts'

export interface StatsRequest extends Interval {
  readonly granularity: 'TOTAL' | 'DAY' | 'HOUR' | 'LIFETIME'
  readonly fields: readonly string[]
  /** The level it is broken down to, as the API writes it and as lists are called. */
  readonly breakdown: { readonly name: string; readonly level: Node['level'] } | null
  readonly omitEmpty: boolean
}

const FIELDS = [
  'impressions',
  'swipes',
  'spend',
  'video_views',
  'conversion_purchases',
  'conversion_purchases_value',
  'conversion_add_cart',
]
/** Only of campaigns. */
const CAMPAIGN_FIELDS = ['uniques', 'frequency']
const LEVELS = { campaign: 'campaigns', adsquad: 'adsquads', ad: 'ads' } as const
const DEPTH = ['adaccounts', 'campaigns', 'adsquads', 'ads']
const WINDOWS: Readonly<Record<string, readonly string[]>> = {
  swipe_up_attribution_window: ['1_DAY', '7_DAY', '28_DAY'],
  view_attribution_window: ['1_HOUR', '3_HOUR', '6_HOUR', '1_DAY', '7_DAY', '28_DAY'],
}
const MOST_DAYS = 32

/** What is asked of `…/stats`. @throws ApiError as the API refuses it */
export function statsRequest(
  query: Readonly<Record<string, string | undefined>>,
  { level, account }: Node,
  lifetime: Interval,
): StatsRequest {
  const granularity = oneOf(query.granularity ?? 'TOTAL', 'granularity', ['TOTAL', 'DAY', 'HOUR', 'LIFETIME'])
  for (const [name, allowed] of Object.entries(WINDOWS))
    if (query[name] !== undefined) oneOf(query[name], name, allowed)
  const fields = (query.fields ?? (level === 'adaccounts' ? 'spend' : 'impressions,swipes,spend')).split(',')
  const known =
    level === 'adaccounts' ? ['spend'] : level === 'campaigns' ? [...FIELDS, ...CAMPAIGN_FIELDS] : FIELDS
  for (const field of fields) oneOf(field, 'fields', known)
  const span = granularity === 'LIFETIME' ? lifetime : interval(query, granularity, account.zone)
  return {
    ...span,
    granularity,
    fields,
    breakdown: breakdownOf(query.breakdown, level),
    omitEmpty: query.omit_empty === 'true',
  }
}

function interval(
  query: Readonly<Record<string, string | undefined>>,
  granularity: string,
  zone: string,
): Interval {
  const [start, end] = [timeOf(query.start_time, 'start_time'), timeOf(query.end_time, 'end_time')]
  if (start === end) throw badRequest('Start time and end time can not be equal', 'E1008')
  if (start > end) throw badRequest('start_time must be before end_time')
  const step = granularity === 'DAY' ? (at: number) => startOfDay(dayIn(zone, at), zone) : hourOf
  for (const [name, at] of Object.entries({ start_time: start, end_time: end }))
    if (step(at) !== at)
      throw badRequest(
        granularity === 'DAY'
          ? `${name} must be the start of a day in the ad account's time zone ${zone}`
          : `${name} must be the start of an hour`,
      )
  const most = startOfDay(addDays(dayIn(zone, start), MOST_DAYS), zone)
  if (granularity !== 'TOTAL' && end > most)
    throw badRequest(`start_time and end_time must be within ${MOST_DAYS} days`)
  return { start, end }
}

const hourOf = (at: number): number => at - (at % HOUR_US)

function timeOf(text: string | undefined, name: string): number {
  if (text === undefined) throw badRequest(`${name} is required`)
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN
  if (Number.isNaN(ms)) throw badRequest(`${name} '${text}' is no ISO 8601 time with an offset`)
  return ms * 1000
}

function breakdownOf(name: string | undefined, level: Node['level']): StatsRequest['breakdown'] {
  if (name === undefined) return null
  const found = LEVELS[oneOf(name, 'breakdown', ['campaign', 'adsquad', 'ad']) as keyof typeof LEVELS]
  if (DEPTH.indexOf(found) <= DEPTH.indexOf(level))
    throw badRequest(`breakdown ${name} is not below ${level}`)
  return { name, level: found }
}

function oneOf<T extends string>(value: string, name: string, allowed: readonly T[]): T {
  const found = allowed.find(one => one === value)
  if (found === undefined) throw badRequest(`${name}: '${value}' is none of ${allowed.join(', ')}`)
  return found
}
