import type { AutopilotSettings } from '../../settings/schema.ts'
import type { Change } from '../change.ts'
import type { Facts } from '../enforcement/facts.ts'
import { raisesRisk } from '../enforcement/proposal.ts'
import { counted, type Ledger, type Need } from './ledger.ts'
import { moneyOf, percentOf } from './money.ts'

export interface Measures {
  readonly campaigns: number
  readonly money_micros: number
  readonly increases: number
}
type Known<T> = { readonly [K in keyof T]: T[K] | null }

/** What is used of the blast radius, and how far it goes. Null: unknown, and then nothing fits. */
export interface Use {
  readonly used: Measures
  readonly limit: Known<Measures>
}
/** And what an action would take of it. */
export interface Room extends Use {
  readonly need: Known<Measures>
}

/** What the limits are reckoned from. */
export interface TenantFacts {
  readonly active_campaigns: number | null
  /** Mean daily spend of the last 7 complete days, in the tenant's currency; null: of fewer than 3, or of several currencies. */
  readonly mean_micros: number | null
  readonly is_fresh: boolean
}
export type BlastLimits = AutopilotSettings['blast_radius']

const RATE_HOURS = 1

/**
 * What is used of a tenant's limits, and what they are: campaigns and money in a rolling window, increases in 60 minutes.
 * Source: autopilot.md §3.
 * @param now UTC microseconds
 */
export function consumption(ledger: Ledger, limits: BlastLimits, tenant: TenantFacts, now: number): Use {
  const { entities_pct, money_pct, increases_per_hour, window_hours } = limits
  const { active_campaigns, mean_micros, is_fresh } = tenant
  const entries = counted(ledger, window_hours, now)
  const isMoneyKnown = entries.every(({ money_micros }) => money_micros !== null)
  return {
    used: {
      campaigns: new Set(entries.map(({ campaign }) => campaign)).size,
      money_micros: entries.reduce((sum, { money_micros }) => sum + (money_micros ?? 0), 0),
      increases: counted(ledger, RATE_HOURS, now).filter(({ is_increase }) => is_increase).length,
    },
    limit: {
      campaigns: active_campaigns === null ? null : Math.max(1, percentOf(active_campaigns, entities_pct)),
      money_micros:
        mean_micros === null || !is_fresh || !isMoneyKnown ? null : percentOf(mean_micros, money_pct),
      increases: increases_per_hour,
    },
  }
}

/** What an action takes, in the currency of its account, which has to be the tenant's. */
export const needOf = (change: Change, facts: Facts): Need => ({
  campaign: `${facts.platform}:${facts.account_id}:${facts.campaign_id ?? ''}`,
  money_micros: moneyOf(change, facts),
  is_increase: raisesRisk(change),
})

/** A campaign counts once. */
export function room(
  ledger: Ledger,
  limits: BlastLimits,
  tenant: TenantFacts,
  need: Need,
  now: number,
): Room {
  const isCounted = counted(ledger, limits.window_hours, now).some(
    ({ campaign }) => campaign === need.campaign,
  )
  return {
    ...consumption(ledger, limits, tenant, now),
    need: {
      campaigns: isCounted ? 0 : 1,
      money_micros: need.money_micros,
      increases: need.is_increase ? 1 : 0,
    },
  }
}

/** Whether there is room: equality fits, what is unknown does not, and what takes nothing of a limit does not ask it. */
export function fits({ used, limit, need }: Room): boolean {
  return (['campaigns', 'money_micros', 'increases'] as const).every(name => {
    const [most, more] = [limit[name], need[name]]
    if (more === 0) return true
    return most !== null && more !== null && used[name] + more <= most
  })
}
