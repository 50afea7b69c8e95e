import { check, type Problem } from '../../../engine/config/index.ts'
import { orderProblems, problem } from './order.ts'
import { ruleProblems } from './rules.ts'
import { AutopilotSettings } from './schema.ts'

/** Major units of the account's currency (product.md §2 row 14). */
const MAX_CAMPAIGN_BUDGET = 10_000

/**
 * Settings of the autopilot as somebody wrote them, with defaults filled in, and everything that is wrong with them:
 * `/roas_lookback_days must be >= 1, got 0`. With problems the settings before stay in force.
 * @returns settings null where there are problems
 */
export function checkAutopilotSettings(value: unknown): {
  readonly settings: AutopilotSettings | null
  readonly problems: readonly Problem[]
} {
  const checked = check(AutopilotSettings, value, 'the autopilot settings')
  if (checked.problems.length > 0) return { settings: null, problems: checked.problems }
  const settings = oneBudget(checked.value as AutopilotSettings)
  const problems = [
    ...bothBudgets(settings),
    ...orderProblems(settings),
    ...ruleProblems(settings.enforcement_rules),
  ]
  return { settings: problems.length > 0 ? null : settings, problems }
}

const oneBudget = (settings: AutopilotSettings): AutopilotSettings =>
  settings.max_campaign_budget === undefined && settings.max_campaign_budget_cents === undefined
    ? { ...settings, max_campaign_budget: MAX_CAMPAIGN_BUDGET }
    : settings

/** Neither wins: which of two limits was meant, nobody can know, and of JPY a cent is a whole yen. */
const bothBudgets = (settings: AutopilotSettings): Problem[] =>
  settings.max_campaign_budget === undefined || settings.max_campaign_budget_cents === undefined
    ? []
    : [
        problem(
          ['max_campaign_budget_cents'],
          'says in another unit what max_campaign_budget says: set one of them, and the other to null',
        ),
      ]
