import { StratumError } from '../../../engine/errors.ts'
import { checkTrustSettings } from './check.ts'
import { policyOf, type TrustPolicy } from './policy.ts'

const MOST_KEPT = 2_000
const kept = new Map<string, TrustPolicy>()

/**
 * The policy of settings that were checked when they were set. Tenants by the thousand have the same ones, and making
 * one takes longer than an evaluation.
 * @param text JSON; what is left out has its default
 * @throws CONFIG_INVALID: they were not checked
 */
export function policyFor(version: number, text: string): TrustPolicy {
  const key = `${version} ${text}`
  let policy = kept.get(key)
  if (policy === undefined) {
    const { settings, problems } = checkTrustSettings(JSON.parse(text))
    if (settings === null)
      throw new StratumError('CONFIG_INVALID', `trust settings: ${problems.map(p => p.text).join('; ')}`)
    policy = policyOf(settings, version)
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(key, policy)
  }
  return policy
}
