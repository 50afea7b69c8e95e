import { addDays, dayIn } from '../../engine/clock/days.ts'
import { validate } from '../../engine/config/index.ts'
import { StratumError } from '../../engine/errors.ts'
import { array, type FromSchema, integer, number, object, optional, string } from '../../plugins/schema.ts'
import { UNSETTLED_DAYS } from '../signals/model/platform-state.ts'
import { PLATFORMS } from '../signals/platform.ts'
import { ACTION_TYPES, type ActionType } from '../trust/model/actions.ts'
import type { TenantFacts } from './model/blast/room.ts'
import { type Change, fieldOf, subjectOf } from './model/change.ts'
import type { DaySums, Facts } from './model/enforcement/facts.ts'

/**
 * What a policy test says there is (autopilot.md §8), in the words and units of people: money in major units, percents as
 * percents, hours. What it leaves out is not known, but for what is usual: nothing was changed today, data is fresh.
 */
const amount = () => optional(number({ minimum: 0, maximum: 1e9 }))
const hours = (standard: number) => number({ minimum: 0, maximum: 1e6, default: standard })
const people = () => optional(integer({ minimum: 0 }))
const figures = {
  spend: amount(),
  revenue: amount(),
  roas: optional(number({ minimum: 0, maximum: 1e6 })),
  conversions: amount(),
}

export const GivenAccount = object(
  {
    currency: string({ default: 'USD', pattern: '^[A-Z]{3}$' }),
    zone: string({ default: 'UTC' }),
    spend_7d_mean: amount(),
    active_campaigns: optional(integer({ minimum: 0 })),
    spend_today: amount(),
    spend_age_hours: hours(0),
    spend_fresh_hours: hours(24),
    changes_today: integer({ minimum: 0, default: 0 }),
    active: optional(array(object({ entity: string(), budget: amount(), spent_today: amount() }))),
  },
  { default: {} },
)

export const GivenEntity = object(
  {
    id: string({ default: 'meta:a1:c1' }),
    ...figures,
    days: optional(
      array(object(figures), { title: 'Settled days one by one, the last one last; instead of sums' }),
    ),
    budget: amount(),
    budget_kind: string({ enum: ['daily', 'lifetime'], default: 'daily' }),
    remaining_days: optional(integer({ minimum: 0 })),
    budget_at_midnight: amount(),
    bid: amount(),
    mean_daily_spend: amount(),
    hours_since_change: optional(number({ minimum: 0 })),
    impressions: people(),
    reach: people(),
  },
  { default: {} },
)

export const GivenProposal = object({ action: string({ enum: ACTION_TYPES }), to: amount() })

const Given = object({ account: GivenAccount, entity: GivenEntity, proposal: optional(GivenProposal) })
type Given = FromSchema<typeof Given>
type Entity = Given['entity']

/** What is known, as the models have it. */
export interface GivenFacts {
  readonly facts: Facts
  readonly tenant: TenantFacts
  /** Null: none is given, or what it would take the place of is not known. */
  readonly change: Change | null
}

/**
 * @param given `account`, `entity` and `proposal` of a test, already merged with those of its file
 * @param now UTC microseconds
 * @throws CONFIG_INVALID with the path of everything that is wrong
 */
export function factsOfGiven(given: unknown, now: number): GivenFacts {
  const { account, entity, proposal } = validate(Given, given, 'given') as Given
  const subject = subjectOf(entity.id)
  if (subject?.account_id == null || !PLATFORMS.includes(subject.platform))
    throw new StratumError(
      'CONFIG_INVALID',
      `given: /entity/id names no entity, such as meta:a1:c1: got "${entity.id}"`,
    )
  const today = todayOf(account.zone, now)
  const budget = micros(entity.budget)
  return {
    facts: {
      entity: entity.id,
      platform: subject.platform,
      account_id: subject.account_id,
      campaign_id: subject.campaign_id,
      currency: account.currency,
      today,
      budget: {
        entity: entity.id,
        micros: budget,
        kind: budget === null ? null : (entity.budget_kind as 'daily' | 'lifetime'),
        remaining_days: entity.remaining_days ?? null,
        midnight_micros: micros(entity.budget_at_midnight) ?? budget,
      },
      days: daysOf(entity, addDays(today, -UNSETTLED_DAYS)),
      mean_spend_micros: micros(entity.mean_daily_spend),
      account: {
        spent_today_micros: micros(account.spend_today),
        spend_age_hours: account.spend_age_hours,
        spend_fresh_hours: account.spend_fresh_hours,
        active:
          account.active?.map(one => ({
            entity: one.entity,
            budget_micros: micros(one.budget),
            spent_today_micros: micros(one.spent_today),
          })) ?? null,
        changes_today: account.changes_today,
      },
      changed_at:
        entity.hours_since_change === undefined
          ? null
          : now - Math.round(entity.hours_since_change * 3_600_000_000),
      impressions: entity.impressions ?? null,
      reach: entity.reach ?? null,
    },
    tenant: {
      active_campaigns: account.active_campaigns ?? null,
      mean_micros: micros(account.spend_7d_mean),
      is_fresh: account.spend_age_hours <= account.spend_fresh_hours,
    },
    change:
      proposal === undefined
        ? null
        : changeOf(proposal.action as ActionType, proposal.to, entity, account.currency),
  }
}

function todayOf(zone: string, now: number): string {
  try {
    return dayIn(zone, now)
  } catch (cause) {
    throw new StratumError(
      'CONFIG_INVALID',
      `given: /account/zone is no zone of the IANA database: "${zone}"`,
      { cause },
    )
  }
}

const micros = (units: number | undefined): number | null =>
  units === undefined ? null : Math.round(units * 1e6)

/** Sums are taken as those of the last settled day: they say nothing of days one by one. */
function daysOf({ days, ...sums }: Entity, last: string): Facts['days'] {
  const isSums = [sums.spend, sums.revenue, sums.roas, sums.conversions].some(value => value !== undefined)
  if (days !== undefined && isSums)
    throw new StratumError(
      'CONFIG_INVALID',
      'given: /entity/days says what spend, revenue, roas and conversions say: give one of them',
    )
  if (days === undefined) return isSums ? { [last]: sumsOf(sums, '/entity') } : {}
  return Object.fromEntries(
    days.map((day, i) => [addDays(last, i + 1 - days.length), sumsOf(day, `/entity/days/${i}`)]),
  )
}

function sumsOf(
  { spend, revenue, roas, conversions }: Pick<Entity, keyof typeof figures>,
  path: string,
): DaySums {
  if (revenue !== undefined && roas !== undefined)
    throw new StratumError('CONFIG_INVALID', `given: ${path}/roas says what revenue says: give one of them`)
  const earned = roas === undefined || spend === undefined ? revenue : roas * spend
  return {
    spend_micros: micros(spend),
    revenue_micros: micros(earned),
    conversions_micros: micros(conversions),
  }
}

function changeOf(type: ActionType, to: number | undefined, entity: Entity, currency: string): Change | null {
  const field = fieldOf(type)
  if (field === 'status') {
    const [before, after] = type.endsWith('_PAUSE') ? ['ACTIVE', 'PAUSED'] : ['PAUSED', 'ACTIVE']
    return { type, field, before: before!, after: after!, currency }
  }
  if (to === undefined)
    throw new StratumError('CONFIG_INVALID', `given: /proposal/to is required: what ${type} would set`)
  const before = micros(field === 'budget' ? entity.budget : entity.bid)
  return before === null ? null : { type, field, before, after: micros(to)!, currency }
}
