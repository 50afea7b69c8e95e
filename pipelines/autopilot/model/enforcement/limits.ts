import type { AutopilotSettings } from '../../settings/schema.ts'
import { type Limit, limitOf } from '../../settings/thresholds.ts'
import type { Check } from './check.ts'
import type { Facts } from './facts.ts'
import { isMode, type Mode } from './violation.ts'

export interface ModeLimit extends Limit {
  readonly mode: Mode
}

/**
 * What holds for an entity: the rules in whose scope it is take the place of the setting; of several each holds. A mode is
 * that of the rule of enforcement, else of the rule that proposes, else of the type, else the default.
 * @param overrides modes of the rule that proposes, by type
 */
export function limitsOf(
  { type, setting }: Check,
  facts: Facts,
  settings: AutopilotSettings,
  overrides: Readonly<Record<string, string>>,
): readonly ModeLimit[] {
  const limit = limitOf(settings, setting, facts.currency)
  const override = Object.hasOwn(overrides, type) ? overrides[type] : undefined
  const mode = isMode(override) ? override : (settings.modes[type] ?? settings.default_mode)
  const rules = Object.entries(settings.enforcement_rules)
    .filter(([, rule]) => rule.type === type && (rule.setting ?? setting) === setting)
    .filter(([, { scope }]) => isIn(scope, facts))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const found = rules.map(([id, rule]) => ({
    ...(rule.threshold === undefined
      ? limit
      : { setting: `enforcement_rules/${id}`, value: rule.threshold, unit: 1 }),
    mode: rule.mode ?? mode,
  }))
  const all = rules.length > 0 ? found : [{ ...limit, mode }]
  return all.filter((one): one is ModeLimit => 'value' in one)
}

function isIn(
  scope: AutopilotSettings['enforcement_rules'][string]['scope'],
  { platform, account_id, campaign_id }: Facts,
): boolean {
  const ids: Readonly<Record<string, string | null>> = { platform, account_id, campaign_id }
  return Object.entries(scope).every(([name, id]) => ids[name] === id)
}
