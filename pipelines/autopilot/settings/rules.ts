import { check, type Problem } from '../../../engine/config/index.ts'
import type { Threshold } from '../model/enforcement/check.ts'
import type { ViolationType } from '../model/enforcement/violation.ts'
import { inPercent, problem } from './order.ts'
import { AutopilotSettings } from './schema.ts'

/** Whose threshold a rule of enforcement may replace. */
const SETTINGS_OF: Readonly<Record<ViolationType, readonly Threshold[]>> = {
  BUDGET_EXCEEDED: ['max_campaign_budget', 'max_daily_budget_increase_pct'],
  ROAS_BELOW_THRESHOLD: ['roas_threshold'],
  DAILY_SPEND_LIMIT: ['daily_spend_limit'],
  CAMPAIGN_PAUSE_REQUIRED: ['pause_roas_threshold'],
  FREQUENCY_CAP_EXCEEDED: ['max_frequency', 'max_changes_per_day', 'min_hours_between_changes'],
}
const MOST_RULES = 200
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/i

/** A rule names a setting of its type, and a threshold that this setting could have. */
export function ruleProblems(rules: AutopilotSettings['enforcement_rules']): Problem[] {
  const many = Object.keys(rules).length
  if (many > MOST_RULES) return [problem(['enforcement_rules'], `are at most ${MOST_RULES}, got ${many}`)]
  return Object.entries(rules).flatMap(([id, { type, setting, threshold, mode }]) => {
    const path = ['enforcement_rules', id]
    if (!NAME.test(id)) return [problem(path, 'must be named by letters, digits, - and _, at most 64')]
    const known = SETTINGS_OF[type]
    if (setting !== undefined && !known.some(name => name === setting))
      return [
        problem([...path, 'setting'], `must be one of ${known.join(', ')} for ${type}, got "${setting}"`),
      ]
    if (threshold === undefined)
      return mode === undefined ? [problem(path, 'must have a threshold or a mode')] : []
    if (setting === undefined && known.length > 1)
      return [problem([...path, 'setting'], `must say which threshold it is: ${known.join(', ')}`)]
    const name = setting ?? known[0]!
    const at = [...path, 'threshold']
    const { problems } = check(AutopilotSettings, { [name]: threshold }, 'a threshold')
    if (problems.length > 0) return problems.map(({ text }) => problem(at, text.replace(/^\S+ /, '')))
    return name.endsWith('_pct') ? inPercent(at, threshold) : []
  })
}
