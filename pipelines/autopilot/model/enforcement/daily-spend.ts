import { recorded } from '../../../recorded.ts'
import { spanText } from '../../../trust/model/explain/words.ts'
import type { AutopilotSettings } from '../../settings/schema.ts'
import type { Breach, Case, Check } from './check.ts'
import type { ActiveEntity } from './facts.ts'
import { budgetAfter, isEnable, perDay, raisesRisk } from './proposal.ts'
import { amountText } from './words.ts'

/**
 * What an account may come to spend today: what it has, and what its budgets still allow. Platforms spend more than a
 * day's budget on some days, so each counts times its platform's factor.
 */
export const dailySpend: Check = {
  type: 'DAILY_SPEND_LIMIT',
  setting: 'daily_spend_limit',
  applies: ({ change }) => raisesRisk(change),
  breach(of: Case, threshold): Breach | null {
    const { facts, settings } = of
    const { spent_today_micros: spent, spend_age_hours: age, spend_fresh_hours: fresh } = facts.account
    const unknown = (what: string): Breach => ({
      subtype: 'SPEND_UNKNOWN',
      message: `${what}, so nobody can say what the account would come to spend today`,
      actual: null,
    })
    if (spent === null || age === null || facts.currency === null)
      return unknown("The account's spend of today is not known")
    if (age > fresh)
      return {
        subtype: 'SPEND_STALE',
        message: `The account's spend data is ${spanText(age)} old; it may be ${spanText(fresh)} old to go by it`,
        actual: null,
      }
    const active = activeAfter(of)
    if (active === null) return unknown('The active campaigns of the account are not known')
    const exposures = active.map(entity => exposureOf(entity, factorOf(settings, facts.platform)))
    const open = exposures.reduce<number | null>((a, b) => (a === null || b === null ? null : a + b), 0)
    if (open === null) return unknown('The budget of an active campaign is not known')
    const actual = recorded((spent + open) / 1e6)
    if (actual <= threshold) return null
    return {
      subtype: null,
      message: `The account has spent ${amountText(spent, facts)} today and could come to ${amountText(spent + open, facts)}; at most ${amountText(threshold * 1e6, facts)} is allowed`,
      actual,
    }
  },
}

export const factorOf = ({ overdelivery_factors: factors }: AutopilotSettings, platform: string): number =>
  (factors as Readonly<Record<string, number>>)[platform] ?? factors.default

/** What an entity may still spend today, in micros; null: its budget is not known. */
function exposureOf({ budget_micros, spent_today_micros }: ActiveEntity, factor: number): number | null {
  if (budget_micros === null) return null
  return Math.max(0, Math.ceil(budget_micros * factor) - (spent_today_micros ?? 0))
}

/** Whose budgets may be spent today once the change is made; null: not known. */
function activeAfter({ change, facts }: Case): readonly ActiveEntity[] | null {
  const { active } = facts.account
  if (active === null) return null
  if (!isEnable(change) && change.field !== 'budget') return active
  const daily = perDay(budgetAfter(change, facts), facts.budget)
  const owner = facts.budget.entity
  const before = active.find(({ entity }) => entity === owner)
  const after: ActiveEntity = {
    entity: owner,
    budget_micros: daily === null ? null : Math.ceil(daily),
    spent_today_micros: before?.spent_today_micros ?? null,
  }
  return [...active.filter(entity => entity !== before), after]
}
