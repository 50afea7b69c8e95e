import { count } from '../../../trust/model/explain/words.ts'
import type { Breach, Case, Check } from './check.ts'
import { roasOf, settledDays } from './days.ts'
import { raisesRisk } from './proposal.ts'
import { numberText } from './words.ts'

/**
 * Whether it has lost money day after day: then it should be paused, and not raised. Without data on each of these days
 * it never says so, since dead tracking looks like a loser.
 */
export const pauseRequired: Check = {
  type: 'CAMPAIGN_PAUSE_REQUIRED',
  setting: 'pause_roas_threshold',
  applies: ({ change }) => raisesRisk(change),
  breach({ facts, settings }: Case, threshold): Breach | null {
    if (facts.currency === null) return null
    const { pause_consecutive_days, pause_min_spend } = settings
    const days = settledDays(facts, pause_consecutive_days)
    const values = days.map(day => ((day.spend_micros ?? 0) < pause_min_spend * 1e6 ? null : roasOf(day)))
    if (!values.every((roas): roas is number => roas !== null && roas < threshold)) return null
    const actual = Math.max(...values)
    return {
      subtype: null,
      message: `ROAS was below ${numberText(threshold)} on ${count(days.length, 'settled day')} in a row (${values.toReversed().map(numberText).join(', ')}): it should be paused`,
      actual,
    }
  },
}
