import { count } from '../../../trust/model/explain/words.ts'
import type { Breach, Case, Check } from './check.ts'
import { roasOf, settledDays, sumsOf } from './days.ts'
import { raisesRisk } from './proposal.ts'
import { amountText, numberText } from './words.ts'

/** Whether what was spent has earned enough to spend more: Σ revenue ÷ Σ spend over settled days. */
export const roasBelow: Check = {
  type: 'ROAS_BELOW_THRESHOLD',
  setting: 'roas_threshold',
  applies: ({ change }) => raisesRisk(change),
  breach({ facts, settings }: Case, threshold): Breach | null {
    const { roas_lookback_days: window, roas_min_spend, roas_min_conversions } = settings
    const sums = sumsOf(settledDays(facts, window))
    const { spend_micros: spend, conversions_micros: conversions } = sums
    const actual = roasOf(sums)
    const over = `over the last ${count(window, 'settled day')}`
    const isKnown = actual !== null && spend !== null && conversions !== null && facts.currency !== null
    if (!isKnown || spend < roas_min_spend * 1e6 || conversions < roas_min_conversions * 1e6) {
      const there = isKnown
        ? `${amountText(spend, facts)} and ${numberText(conversions / 1e6)} conversions are too little evidence of ROAS`
        : 'ROAS is not known'
      const needed = `${amountText(roas_min_spend * 1e6, facts)} and ${numberText(roas_min_conversions)} conversions`
      return {
        subtype: 'INSUFFICIENT_EVIDENCE',
        message: `${there} ${over}; it takes ${needed}`,
        actual,
        // Nobody shall be kept from starting something new.
        most: 'SOFT_BLOCK',
      }
    }
    if (actual >= threshold) return null
    return {
      subtype: null,
      message: `ROAS is ${numberText(actual)} ${over} (${amountText(sums.revenue_micros!, facts)} from ${amountText(spend, facts)}); it must be at least ${numberText(threshold)}`,
      actual,
    }
  },
}
