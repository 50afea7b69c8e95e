import { recorded } from '../../../recorded.ts'
import { count } from '../../../trust/model/explain/words.ts'
import { HOUR_US } from '../../../trust/model/measured.ts'
import type { Breach, Case, Check, Note } from './check.ts'
import { isPause, raisesRisk } from './proposal.ts'
import { numberText } from './words.ts'

const type = 'FREQUENCY_CAP_EXCEEDED'

/** How often the same people have seen it. */
export const adFrequency: Check = {
  type,
  setting: 'max_frequency',
  applies: ({ change }) => raisesRisk(change),
  breach({ facts, settings }: Case, threshold): Breach | Note | null {
    const { impressions, reach } = facts
    if (impressions === null || reach === null || reach <= 0)
      return {
        code: 'REACH_UNKNOWN',
        message: 'How many people were reached is not known: the limit of frequency was left out of account',
      }
    const actual = recorded(impressions / reach)
    if (actual <= threshold) return null
    const over = `over ${count(settings.frequency_window_days, 'day')}`
    return {
      subtype: 'AD_FREQUENCY',
      message: `People have seen it ${numberText(actual)} times ${over}; at most ${numberText(threshold)} times is allowed`,
      actual,
    }
  },
}

/** A pause is never kept waiting by how much has been changed. */
const countsAsChange = ({ change }: Case): boolean => !isPause(change)

/** The number that is allowed is the last one: here equality violates. */
export const changeCount: Check = {
  type,
  setting: 'max_changes_per_day',
  applies: countsAsChange,
  breach({ facts }: Case, threshold): Breach | null {
    const actual = facts.account.changes_today
    if (actual < threshold) return null
    return {
      subtype: 'CHANGE_COUNT',
      message: `${count(actual, 'change')} of the account ${actual === 1 ? 'was' : 'were'} made today; at most ${numberText(threshold)} a day ${threshold === 1 ? 'is' : 'are'} allowed`,
      actual,
    }
  },
}

/** Platforms learn anew after a change, and people see what became of it. */
export const changeInterval: Check = {
  type,
  setting: 'min_hours_between_changes',
  applies: countsAsChange,
  breach({ facts, now, reverts }: Case, threshold): Breach | Note | null {
    if (facts.changed_at === null) return null
    const actual = recorded((now - facts.changed_at) / HOUR_US)
    if (actual >= threshold) return null
    if (reverts)
      return {
        code: 'CHANGE_INTERVAL_EXEMPT',
        message: 'It takes one of our changes back, and need not wait for the time between two changes',
      }
    return {
      subtype: 'CHANGE_INTERVAL',
      message: `It was changed ${numberText(Math.max(0, actual))} h ago; ${numberText(threshold)} h must lie between two changes`,
      actual,
    }
  },
}
