import type { AdAccount } from '../../../plugins/simulator/world/port.ts'
import { addDays, dayIn, daysBetween, startOfDay } from '../../../plugins/sync/days.ts'
import { type Call, jsonParam, listParam } from './call.ts'
import { type Filter, filtersOf } from './filters.ts'
import { INSIGHT_FIELDS } from './insight-fields.ts'
import { invalid } from './refused.ts'
import { parseFields } from './select.ts'
import type { Level, Node } from './store.ts'

export interface InsightsQuery {
  readonly account: AdAccount
  /** An object that it is asked of; null: the account. */
  readonly node: Node | null
  readonly level: 'account' | Level
  readonly fields: readonly string[]
  /** Days, both included; rows are each of one range. */
  readonly ranges: readonly { readonly since: string; readonly until: string }[]
  readonly breakdowns: readonly string[]
  readonly windows: readonly string[]
  readonly filters: readonly Filter[]
  /** What the platform knows then. UTC microseconds. */
  readonly asOf: number
}

type Range = InsightsQuery['ranges'][number]

const LEVELS = ['account', 'campaign', 'adset', 'ad'] as const
const DEFAULT_FIELDS = ['account_id', 'campaign_id', 'date_start', 'date_stop', 'impressions', 'spend']
const BREAKDOWNS = ['age', 'gender', 'country']
const WINDOWS = [
  ...['1d_click', '7d_click', '28d_click', '1d_view', '7d_view', '28d_view', '1d_ev', 'default', 'dda'],
]
/** Of data that are kept. */
const MONTHS = 37

/** @throws Refused */
export function insightsQuery(
  call: Call,
  account: AdAccount,
  node: Node | null,
  asOf: number,
): InsightsQuery {
  const level = (call.params.level ?? node?.level ?? 'account') as InsightsQuery['level']
  if (!LEVELS.includes(level)) throw invalid('Param level must be one of {ad, adset, campaign, account}')
  if (node !== null && LEVELS.indexOf(level) < LEVELS.indexOf(node.level))
    throw invalid(`level ${level} is above the object that is asked`)
  const fields = [...parseFields(call.params.fields).keys()]
  const unknown = fields.find(field => !INSIGHT_FIELDS.has(field))
  if (unknown !== undefined)
    throw invalid(
      `${unknown} is not valid for fields param. please check the documentation for all valid values`,
    )
  const breakdowns = listParam(call, 'breakdowns')
  const strange = breakdowns.find(name => !BREAKDOWNS.includes(name))
  if (strange !== undefined) throw invalid(`breakdowns[0] must be one of the following values: ${BREAKDOWNS}`)
  if (breakdowns.includes('country') && breakdowns.length > 1)
    throw invalid(`Current combination of data breakdown columns (${breakdowns.join(', ')}) is invalid`)
  if (breakdowns.length > 0 && (level === 'adset' || level === 'ad'))
    throw invalid('The simulator breaks down campaigns and accounts only')
  const windows = listParam(call, 'action_attribution_windows')
  if (windows.some(name => !WINDOWS.includes(name)))
    throw invalid('action_attribution_windows must be one of the known values')
  return {
    account,
    node,
    level,
    fields: fields.length === 0 ? DEFAULT_FIELDS : fields,
    ranges: rangesOf(call, account, asOf),
    breakdowns,
    windows,
    filters: filtersOf(call),
    asOf,
  }
}

function rangesOf(call: Call, { zone }: AdAccount, asOf: number) {
  const today = dayIn(zone, asOf)
  // Where there are several, increments are ignored.
  const several = jsonParam<Range[]>(call, 'time_ranges')
  if (several !== null) {
    if (!Array.isArray(several)) throw invalid('time_ranges must be an array')
    return several.map(range => checked(range, today))
  }
  const { since, until } = checked(rangeOf(call, today), today)
  const increment = call.params.time_increment ?? 'all_days'
  if (increment === 'all_days') return [{ since, until }]
  const days = Number(increment)
  if (!Number.isInteger(days) || days < 1 || days > 90)
    throw invalid('time_increment must be between 1 and 90 days, or all_days')
  const ranges: Range[] = []
  const count = daysBetween(since, until)
  for (let n = 0; n <= count; n += days) {
    const last = addDays(since, Math.min(n + days - 1, count))
    ranges.push({ since: addDays(since, n), until: last })
  }
  return ranges
}

/** @throws Refused: no days, or older than what is kept */
function checked({ since, until }: Range, today: string): Range {
  if (!isDay(since) || !isDay(until))
    throw invalid('time_range must be {since: YYYY-MM-DD, until: YYYY-MM-DD}')
  if (since > until) throw invalid('since must be before until')
  const earliest = addDays(today, -Math.ceil(MONTHS * 30.44))
  if (since < earliest)
    throw invalid(
      `The start date of the time range cannot be beyond ${MONTHS} months from the current date`,
      3018,
    )
  return { since, until }
}

const PRESETS: Readonly<Record<string, (today: string) => Range>> = {
  today: today => ({ since: today, until: today }),
  yesterday: today => ({ since: addDays(today, -1), until: addDays(today, -1) }),
  ...Object.fromEntries(
    [3, 7, 14, 28, 30, 90].map(days => [
      `last_${days}d`,
      (today: string) => ({ since: addDays(today, -days), until: addDays(today, -1) }),
    ]),
  ),
}

function rangeOf(call: Call, today: string): Range {
  const range = jsonParam<Range>(call, 'time_range')
  if (range !== null) return range
  const preset = PRESETS[call.params.date_preset ?? 'last_30d']
  if (!preset) throw invalid('date_preset must be one of the known values')
  return preset(today)
}

function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text)) return false
  try {
    startOfDay(text, 'UTC')
    return true
  } catch {
    return false
  }
}
