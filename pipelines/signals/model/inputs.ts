import { addDays, dayIn } from '../../../engine/clock/days.ts'
import type { AnomalyInputs } from '../../trust/model/anomaly.ts'
import type { DriverInputs } from '../../trust/model/drivers/emq.ts'
import type { EventMatch, KeyCount } from '../../trust/model/drivers/match-rate.ts'
import type { TrustInputs } from '../../trust/model/evaluate.ts'
import type { Source } from '../../trust/model/freshness.ts'
import { median } from '../../trust/model/variance/median.ts'
import type { VarianceInputs } from '../../trust/model/variance/variance.ts'
import { freshnessLimits, type SourceName } from '../../trust/settings/freshness-limits.ts'
import type { TrustPolicy } from '../../trust/settings/policy.ts'
import type { NameCounts } from '../handed.ts'
import { CLICK_IDS, type Platform } from '../platform.ts'
import { type Days, daysTo, type Period, periodOf, periodTo, wholePeriod } from './days.ts'
import { type PlatformState, type SaidBySite, UNSETTLED_DAYS, zoneOf } from './platform-state.ts'
import { longWait } from './waits.ts'

const WEEK = 7
const HOUR_US = 3_600_000_000
const DAY_US = 24 * HOUR_US

/** What the trust of a platform is worked out from at a time, UTC microseconds. */
export function trustInputs(
  state: Readonly<PlatformState>,
  platform: Platform,
  anomaly: Omit<AnomalyInputs, 'conversions'>,
  now: number,
  policy: TrustPolicy,
): TrustInputs {
  const today = dayIn(zoneOf(state), now)
  const settled = addDays(today, -UNSETTLED_DAYS)
  const week = periodTo(state.days, settled, WEEK)
  return {
    drivers: driverInputs(state, platform, week, now, policy),
    sources: sources(state, policy),
    variance: varianceInputs(state, week, settled, policy),
    anomaly: { ...anomaly, conversions: week.conversions },
  }
}

const isConnected = ({ site }: Readonly<PlatformState>): boolean => site !== null && site.analytics !== null

function driverInputs(
  state: Readonly<PlatformState>,
  platform: Platform,
  week: Period,
  now: number,
  policy: TrustPolicy,
): DriverInputs {
  const { site, last, waits } = state
  const wait = longWait(waits, now)
  return {
    events: matches(state, platform, now, policy),
    coverage: {
      // Nobody tells which pages should have the tag.
      pages: null,
      types: site === null ? null : { seen: expected(site.seen), configured: EXPECTED.length },
      twins: site?.twins ?? null,
    },
    // Known once conversions are delivered to platforms.
    latency: { events: 0, p90_hours: null },
    attribution: {
      platform: week.conversions,
      ga4: isConnected(state) ? week.purchases : null,
      had_conversions: hadConversions(state.days),
    },
    data_freshness: {
      last_event: last === 0 ? null : last,
      p99_gap_minutes: wait === null ? null : wait / 60_000_000,
      history_days: waits.since === 0 ? 0 : Math.max(0, (now - waits.since) / DAY_US),
    },
  }
}

/** The steps that a shop's tag is expected to send. */
const EXPECTED = ['view_item', 'add_to_cart', 'begin_checkout', 'purchase']
const expected = (seen: readonly string[]) => EXPECTED.filter(name => seen.includes(name)).length

/**
 * What is known of each event. While the platform gives scores of its own, they alone count: it knows what it was sent.
 * Else the site's events stand for what the platform is sent, by the identifiers they came with.
 */
function matches(
  { quality, site }: Readonly<PlatformState>,
  platform: Platform,
  now: number,
  { settings }: TrustPolicy,
): EventMatch[] {
  const oldest = now - settings.match_quality.platform_score_hours * HOUR_US
  const said = Object.values(quality).filter(({ score, as_of }) => score !== null && as_of >= oldest)
  if (said.length > 0)
    return said.map(({ name, score, scale, events, as_of }) => ({
      name,
      events,
      users: null,
      keys: null,
      platform: { score: score!, scale, as_of },
    }))
  return site?.names.map(counts => counted(counts, site, platform)) ?? []
}

/** An event of the site by the identifiers it came with. */
function counted(
  { name, events, keys }: NameCounts,
  { distinct, people }: SaidBySite,
  platform: Platform,
): EventMatch {
  const clicks = CLICK_IDS[platform]
  const found: Record<string, KeyCount> = {}
  for (const key of ['email', 'phone', 'external_id', 'browser_id', 'country'])
    if (keys[key]) found[key] = { valid: keys[key], distinct: distinct[key] ?? 0 }
  const valid = clicks.reduce((sum, id) => sum + (keys[id] ?? 0), 0)
  if (valid > 0)
    found.click_id = {
      valid: Math.min(events, valid),
      distinct: clicks.reduce((sum, id) => sum + (distinct[id] ?? 0), 0),
    }
  return { name, events, users: people, keys: found, platform: null }
}

function hadConversions(days: Readonly<Days>): boolean {
  const { conversions, purchases } = wholePeriod(days)
  return (conversions ?? 0) > 0 || purchases > 0
}

function sources(state: Readonly<PlatformState>, { settings }: TrustPolicy): Source[] {
  const of = (name: SourceName, watermark: number): Source => ({
    name,
    watermark: watermark === 0 ? null : watermark,
    ...freshnessLimits(settings, name),
    required: true,
  })
  const reports = [of('spend', state.spend), of('conversions', state.conversions)]
  return isConnected(state) ? [...reports, of('ga4', state.site!.analytics!)] : reports
}

function varianceInputs(
  state: Readonly<PlatformState>,
  week: Period,
  settled: string,
  policy: TrustPolicy,
): VarianceInputs {
  const { baseline_days } = policy.settings.variance
  const { days } = state
  const isKnown = isConnected(state)
  // Up to the day before the last settled one, so many weeks that each begin a day after the other.
  const list = daysTo(days, addDays(settled, -1), baseline_days + WEEK - 1)
  const baseline = Array.from({ length: baseline_days }, (_, i): number | null => {
    if (!isKnown) return null
    const { revenue, worth } = periodOf(days, list.slice(i, i + WEEK))
    return revenue !== null && revenue > 0 && worth > 0 ? Math.log(revenue / worth) : null
  })
  return {
    platform_revenue: week.revenue,
    ga4_revenue: isKnown ? week.worth : null,
    platform_conversions: week.conversions,
    ga4_conversions: isKnown ? week.purchases : null,
    spend: week.spend,
    median_revenue: medianRevenue(days, list),
    baseline,
  }
}

/** Of the days before the settled week, by whichever of the two says more. Micros. */
function medianRevenue(days: Readonly<Days>, list: ReturnType<typeof daysTo>): number {
  const before = list.slice(0, 1 - WEEK).map(day => periodOf(days, [day]))
  const revenues = before.map(({ revenue, worth }) => Math.max(revenue ?? 0, worth))
  return median(revenues) ?? 0
}
