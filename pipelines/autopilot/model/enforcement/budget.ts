import { recorded } from '../../../recorded.ts'
import type { Breach, Case, Check } from './check.ts'
import { budgetAfter, isEnable, perDay, raisesRisk } from './proposal.ts'
import { amountText, numberText } from './words.ts'

/** Budget increases and what is switched on; a bid spends no more than the budget. */
const applies = ({ change }: Case): boolean =>
  isEnable(change) || (change.field === 'budget' && raisesRisk(change))

/** What a campaign may spend a day at most; a lifetime budget counts as its share of each day it still runs. */
export const campaignBudget: Check = {
  type: 'BUDGET_EXCEEDED',
  setting: 'max_campaign_budget',
  applies,
  breach({ change, facts }, threshold): Breach | null {
    const { budget } = facts
    const daily = perDay(budgetAfter(change, facts), budget)
    if (daily === null || budget.micros === null || facts.currency === null)
      return {
        subtype: 'BUDGET_UNKNOWN',
        message: 'The present budget is not known in full, so nobody can say what would be spent a day',
        actual: null,
      }
    const actual = recorded(daily / 1e6)
    if (actual <= threshold) return null
    const most = amountText(threshold * 1e6, facts)
    const much = amountText(daily, facts)
    const what = budget.kind === 'daily' ? 'The daily budget' : 'The lifetime budget, by day,'
    return {
      subtype: 'CAMPAIGN_BUDGET',
      message: `${what} would be ${much}; at most ${most} is allowed`,
      actual,
    }
  },
}

/** How far a budget may rise in a day, whatever the number of steps: over that of midnight, in percent. */
export const dailyIncrease: Check = {
  type: 'BUDGET_EXCEEDED',
  setting: 'max_daily_budget_increase_pct',
  applies,
  breach({ change, facts }, threshold): Breach | null {
    const { midnight_micros: before, micros } = facts.budget
    const after = budgetAfter(change, facts)
    // Said once, by the check of the budget itself.
    if (after === null || micros === null) return null
    if (before === null)
      return {
        subtype: 'BUDGET_UNKNOWN',
        message:
          'The budget at the beginning of the day is not known, so nobody can say how far it has risen today',
        actual: null,
      }
    const [from, to] = [amountText(before, facts), amountText(after, facts)]
    if (before === 0)
      return after === 0
        ? null
        : {
            subtype: 'DAILY_INCREASE',
            message: `The budget would go from nothing at the beginning of the day to ${to}; at most +${numberText(threshold)} % a day is allowed`,
            actual: null,
          }
    const actual = recorded(100 * (after / before - 1))
    if (actual <= threshold) return null
    return {
      subtype: 'DAILY_INCREASE',
      message: `The budget would be ${numberText(actual)} % above that of the beginning of the day (${from} to ${to}); at most +${numberText(threshold)} % a day is allowed`,
      actual,
    }
  },
}
