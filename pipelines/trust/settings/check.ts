import { check, type Problem } from '../../../engine/config/index.ts'
import { orderProblems } from './order.ts'
import { TrustSettings } from './schema.ts'

/**
 * Settings of the trust engine as somebody wrote them, with defaults filled in, and everything that is wrong with them:
 * `/composite/weights must sum to 1, got 1.1`. With problems the settings before stay in force.
 * @returns settings null where there are problems
 */
export function checkTrustSettings(value: unknown): {
  readonly settings: TrustSettings | null
  readonly problems: readonly Problem[]
} {
  const checked = check(TrustSettings, value, 'the trust settings')
  if (checked.problems.length > 0) return { settings: null, problems: checked.problems }
  const settings = checked.value as TrustSettings
  const problems = orderProblems(settings)
  return { settings: problems.length > 0 ? null : settings, problems }
}
