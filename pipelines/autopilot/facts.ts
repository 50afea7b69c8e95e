import { addDays, startOfDay, todayIn } from '../../engine/clock/days.ts'
import { entityOf, type SubjectView } from '../rules/model/subject.ts'
import {
  type Account,
  type Accounts,
  accountOf,
  activeCampaigns,
  changedOf,
  currencyOf,
} from './model/accounts.ts'
import type { TenantFacts } from './model/blast/room.ts'
import { idOf } from './model/change.ts'
import type { Budget, Facts } from './model/enforcement/facts.ts'

const HOUR_US = 3_600_000_000
/** Of a spend report: from then on it is no longer fresh (product.md §4.1). */
const SPEND_FRESH_HOURS = 24
/** Days of figures that a limit looks back over at most. */
const DAYS_LOOKED_AT = 31
const MEAN_DAYS = 7
const LEAST_DAYS = 3

/** What settings say of the facts that are looked at. */
export interface Looked {
  /** Days that frequency is counted over. */
  readonly frequency_window_days: number
  /** There is a limit by the day: only then all that may spend is looked at. */
  readonly has_daily_limit: boolean
}

/**
 * What enforcement needs to know of a subject and its account, put together from what was seen.
 * @param now UTC microseconds
 */
export function factsOf(accounts: Accounts, view: SubjectView, now: number, looked: Looked): Facts {
  const { subject, currency, today, zone, days } = view
  const entity = entityOf(subject)
  const name = accountOf(subject)
  const account = accounts.accounts[name]
  const changes = accounts.changes[name] ?? []
  const own = changes
    .filter(change => change.entity === changedOf(subject.level, idOf(subject)))
    .map(({ at }) => at)
  const from = addDays(today, -DAYS_LOOKED_AT)
  const [midnight, next] = [startOfDay(today, zone), startOfDay(addDays(today, 1), zone)]
  return {
    entity,
    platform: subject.platform,
    account_id: subject.account_id ?? '',
    campaign_id: subject.campaign_id,
    currency,
    today,
    budget: budgetOf(accounts, view, entity),
    days: Object.fromEntries(
      Object.entries(days)
        .filter(([date]) => date >= from)
        .map(([date, { spend_micros, revenue_micros, conversions_micros }]) => [
          date,
          { spend_micros, revenue_micros, conversions_micros },
        ]),
    ),
    mean_spend_micros: meanSpend(date => days[date]?.spend_micros, today),
    account: {
      spent_today_micros: account === undefined ? null : (account.spend[today] ?? null),
      spend_age_hours: account?.watermark == null ? null : Math.max(0, now - account.watermark) / HOUR_US,
      spend_fresh_hours: SPEND_FRESH_HOURS,
      active: looked.has_daily_limit ? activeOf(accounts, name, today) : null,
      changes_today: changes.filter(({ at }) => at >= midnight && at < next).length,
    },
    changed_at: own.length === 0 ? null : Math.max(...own),
    ...reachOf(view, looked.frequency_window_days),
  }
}

/** Of itself, else of the campaign that it is a part of. */
function budgetOf(accounts: Accounts, view: SubjectView, entity: string): Budget {
  const { budget_micros: micros, budget_kind: kind, budget_at_midnight_micros: midnight_micros } = view
  const own = { entity, micros, kind, remaining_days: null, midnight_micros }
  const { level, platform, account_id, campaign_id } = view.subject
  if (micros !== null || level === 'campaign') return own
  const above = `${platform}:${account_id}:${campaign_id}`
  const campaign = accounts.active[above]
  return campaign?.budget_micros == null
    ? own
    : {
        entity: above,
        micros: campaign.budget_micros,
        kind: campaign.budget_kind,
        remaining_days: null,
        midnight_micros: campaign.budget_micros,
      }
}

/** What has a budget of its own and is active: campaigns, and ad sets of campaigns without one. */
const activeOf = (accounts: Accounts, account: string, today: string) =>
  Object.entries(accounts.active)
    .filter(([, active]) => active.account === account && active.budget_kind !== null)
    .map(([entity, { budget_micros, budget_kind, day, spent_micros }]) => ({
      entity,
      // What a lifetime budget may spend in a day, platforms do not say.
      budget_micros: budget_kind === 'daily' ? budget_micros : null,
      spent_today_micros: day === today ? spent_micros : 0,
    }))

/** Mean of the last 7 complete days, of those that are known; null: of fewer than 3. */
export function meanSpend(
  spendOf: (date: string) => number | null | undefined,
  today: string,
): number | null {
  const known: number[] = []
  for (let back = 1; back <= MEAN_DAYS; back++) {
    const spend = spendOf(addDays(today, -back))
    if (spend != null) known.push(spend)
  }
  return known.length < LEAST_DAYS ? null : Math.round(known.reduce((sum, n) => sum + n, 0) / known.length)
}

/**
 * Impressions and people of the last complete days. The sum of each day's people is the most there can have been, so
 * what it gives is the least frequency there was: over a limit, it is over it.
 */
function reachOf({ days, today }: SubjectView, window: number): Pick<Facts, 'impressions' | 'reach'> {
  let [impressions, reach]: [number, number | null] = [0, 0]
  for (let back = 1; back <= window; back++) {
    const day = days[addDays(today, -back)]
    if (day?.impressions == null || day.impressions === 0) continue
    impressions += day.impressions
    reach = reach === null || day.reach === null ? null : reach + day.reach
  }
  return reach === 0 ? { impressions: null, reach: null } : { impressions, reach }
}

/** What the limits of a tenant's blast radius are reckoned from. @param now UTC microseconds */
export function tenantFacts(accounts: Accounts, now: number): TenantFacts {
  const all = Object.values(accounts.accounts)
  const means = all.map(({ spend, zone }) => meanSpend(date => spend[date], todayIn(zone, now)))
  const isKnown = all.length > 0 && currencyOf(accounts) !== null && means.every(mean => mean !== null)
  const isFresh = ({ watermark }: Account) =>
    watermark !== null && now - watermark <= SPEND_FRESH_HOURS * HOUR_US
  return {
    active_campaigns: activeCampaigns(accounts),
    mean_micros: isKnown ? means.reduce<number>((sum, mean) => sum + mean!, 0) : null,
    is_fresh: all.length > 0 && all.every(isFresh),
  }
}
