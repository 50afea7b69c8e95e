import { checkTrustSettings } from '../../../pipelines/trust/settings/check.ts'
import { policyOf } from '../../../pipelines/trust/settings/policy.ts'

/** The policy of a tenant who set nothing. */
export const POLICY = policyOf(checkTrustSettings({}).settings!, 1)

export const MINUTE = 60_000_000
export const HOUR = 60 * MINUTE
/** 2026-01-16 00:00 UTC. */
export const NOW = Date.UTC(2026, 0, 16) * 1000
