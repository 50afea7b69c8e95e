import { addDays } from '../../../engine/clock/days.ts'
import type { Change } from '../../../pipelines/autopilot/model/change.ts'
import type { DaySums, Facts } from '../../../pipelines/autopilot/model/enforcement/facts.ts'
import { checkAutopilotSettings } from '../../../pipelines/autopilot/settings/check.ts'
import type { ActionType } from '../../../pipelines/trust/model/actions.ts'

export const HOUR = 3_600_000_000
/** 2026-01-15 10:00 UTC. */
export const NOW = Date.UTC(2026, 0, 15, 10) * 1000
export const TODAY = '2026-01-15'

export const $ = (units: number) => Math.round(units * 1e6)

export const day = (
  spend: number | null,
  revenue: number | null,
  conversions: number | null = 10,
): DaySums => ({
  spend_micros: spend === null ? null : $(spend),
  revenue_micros: revenue === null ? null : $(revenue),
  conversions_micros: conversions === null ? null : $(conversions),
})

/** The last settled days, the newest first. */
export const settled = (...days: readonly (DaySums | null)[]): Facts['days'] =>
  Object.fromEntries(
    days.flatMap((sums, i) => (sums === null ? [] : [[addDays(TODAY, -3 - i), sums] as const])),
  )

export const budget = (units: number | null, more: Partial<Facts['budget']> = {}): Facts['budget'] => ({
  entity: 'meta:a1:c1',
  micros: units === null ? null : $(units),
  kind: units === null ? null : 'daily',
  remaining_days: null,
  midnight_micros: units === null ? null : $(units),
  ...more,
})

/** A campaign that violates nothing. */
export const facts = (more: Partial<Facts> = {}, account: Partial<Facts['account']> = {}): Facts => ({
  entity: 'meta:a1:c1',
  platform: 'meta',
  account_id: 'a1',
  campaign_id: 'c1',
  currency: 'USD',
  today: TODAY,
  budget: budget(100),
  days: settled(day(900, 2790, 40)),
  mean_spend_micros: $(90),
  account: {
    spent_today_micros: $(40),
    spend_age_hours: 2,
    spend_fresh_hours: 24,
    active: [{ entity: 'meta:a1:c1', budget_micros: $(100), spent_today_micros: $(40) }],
    changes_today: 0,
    ...account,
  },
  changed_at: null,
  impressions: 4000,
  reach: 2000,
  ...more,
})

export const change = (type: ActionType, before: number | string, after: number | string): Change => ({
  type,
  field: type.startsWith('BUDGET') ? 'budget' : type.startsWith('BID') ? 'bid' : 'status',
  before: typeof before === 'number' ? $(before) : before,
  after: typeof after === 'number' ? $(after) : after,
  currency: 'USD',
})
export const raise = (to: number, from = 100) => change('BUDGET_INCREASE', from, to)
export const enable = change('CAMPAIGN_ENABLE', 'PAUSED', 'ACTIVE')
export const pause = change('CAMPAIGN_PAUSE', 'ACTIVE', 'PAUSED')
export const bidUp = change('BID_INCREASE', 1, 1.1)

export const settings = (value: unknown = {}) => {
  const { settings: found, problems } = checkAutopilotSettings(value)
  if (found === null) throw new Error(problems.map(({ text }) => text).join('; '))
  return found
}
