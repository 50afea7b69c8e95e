import { daysBetween } from '../../../plugins/sync/index.ts'
import { invalid } from './answer.ts'
import type { Level } from './entities.ts'
import { METRICS, NOT_OF_GROUPS } from './metrics.ts'
import type { Asked } from './params.ts'

export type DataLevel = Level | 'advertiser'

/** A report as it was asked for, and may be. */
export interface ReportQuery {
  readonly advertiserId: string
  readonly isAudience: boolean
  readonly level: DataLevel
  readonly isDaily: boolean
  /** Of people: gender, age, country_code. */
  readonly groups: readonly string[]
  readonly metrics: readonly string[]
  /** Null: all time. */
  readonly days: { readonly from: string; readonly to: string } | null
  readonly withDeleted: boolean
  /** Ids that it is narrowed to, by level. */
  readonly ids: Readonly<Partial<Record<Level, readonly string[]>>>
}

const LEVELS: Readonly<Record<string, DataLevel>> = {
  AUCTION_ADVERTISER: 'advertiser',
  AUCTION_CAMPAIGN: 'campaign',
  AUCTION_ADGROUP: 'adgroup',
  AUCTION_AD: 'ad',
}
const GROUPS = ['gender', 'age', 'country_code']
const ID_DIMENSIONS = ['advertiser_id', 'campaign_id', 'adgroup_id', 'ad_id']

/** @param isTask asynchronous: days without a limit, no filter by status @throws Refusal 40002 */
export function reportQueryOf(asked: Asked, isTask = false): ReportQuery {
  const type = asked.needed('report_type')
  if (type !== 'BASIC' && type !== 'AUDIENCE') invalid(`report_type: ${type} is not simulated`)
  const level = LEVELS[asked.needed('data_level')] ?? invalid('data_level: Not a valid choice.')
  const isAudience = type === 'AUDIENCE'
  const dimensions = asked.texts('dimensions') ?? invalid('dimensions: Missing data for required field.')
  const ids = dimensions.filter(name => ID_DIMENSIONS.includes(name))
  const times = dimensions.filter(name => name.startsWith('stat_time_'))
  const groups = dimensions.filter(name => GROUPS.includes(name))
  const other = dimensions.find(name => ![...ids, ...times, ...groups].includes(name))
  if (other !== undefined) invalid(`dimensions: ${other} is not supported.`)
  if (ids.length !== 1 || ids[0] !== `${level}_id`)
    invalid('dimensions: exactly one id dimension, that of data_level, is needed.')
  if (times.length > 1) invalid('dimensions: at most one time dimension.')
  if (times[0] === 'stat_time_hour') invalid('dimensions: stat_time_hour is not simulated')
  if (isAudience !== groups.length > 0) invalid('dimensions: AUDIENCE is of groups of people, BASIC is not.')
  if (isAudience && (level === 'ad' || level === 'adgroup'))
    invalid('data_level: AUDIENCE is simulated of campaigns and advertisers only')
  const metrics = asked.texts('metrics') ?? ['spend', 'impressions']
  const unknown = metrics.find(name => !(name in METRICS) || (isAudience && NOT_OF_GROUPS.includes(name)))
  if (unknown !== undefined) invalid(`metrics: ${unknown} is not supported.`)
  const isDaily = times.length === 1
  return {
    advertiserId: asked.needed('advertiser_id'),
    isAudience,
    level,
    isDaily,
    groups,
    metrics,
    days: asked.flag('query_lifetime') ? null : daysOf(asked, isTask ? null : isDaily ? 30 : 365),
    ...filtersOf(asked, isTask),
  }
}

function daysOf(asked: Asked, most: number | null): { from: string; to: string } {
  const [from, to] = ['start_date', 'end_date'].map(name => {
    const day = asked.needed(name)
    if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(Date.parse(day))) invalid(`${name}: Not a valid date.`)
    return day
  }) as [string, string]
  if (to < from) invalid('end_date is before start_date')
  if (most !== null && daysBetween(from, to) >= most) invalid(`the query range cannot exceed ${most} days`)
  return { from, to }
}

function filtersOf(asked: Asked, isTask: boolean): Pick<ReportQuery, 'ids' | 'withDeleted'> {
  const ids: Partial<Record<Level, readonly string[]>> = {}
  let withDeleted = isTask
  for (const { field_name, filter_type, filter_value } of asked.objects('filtering') ?? []) {
    if (filter_type !== 'IN') invalid(`filtering: ${filter_type} is not simulated`)
    const values = listIn(filter_value)
    const [, level, what] = /^(campaign|adgroup|ad)_(ids|status)$/.exec(String(field_name)) ?? []
    if (level === undefined || (isTask && what === 'status'))
      invalid(`filtering: ${field_name} is not a supported field.`)
    if (what === 'ids' && values.length > 100) invalid('filtering: at most 100 ids.')
    if (what === 'ids') ids[level as Level] = values
    else withDeleted = values.includes('STATUS_ALL')
  }
  return { ids, withDeleted }
}

/** `filter_value` is a text that holds a JSON list. */
function listIn(value: unknown): readonly string[] {
  try {
    const list: unknown = typeof value === 'string' ? JSON.parse(value) : null
    if (Array.isArray(list)) return list.map(String)
  } catch {}
  return invalid('filtering.filter_value: must be a valid JSON array character string.')
}
