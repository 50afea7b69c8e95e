import type { Answer } from '../../../plugins/http/index.ts'
import { isObject, type Json } from '../fields.ts'

/** What Meta's headers say of its limits (platforms.md §1.4). */
export interface Usage {
  /** Nothing may be asked for so long. Milliseconds; 0: go on. */
  readonly waitMs: number
  /** Share of the account's points that is used, in percent; null: it says nothing. */
  readonly pointsPct: number | null
  /** Share of the hour's calls that is used, by use case (`ads_insights`), in percent. */
  readonly hourPct: ReadonlyMap<string, number>
  /** `development_access`, `standard_access`. */
  readonly tier: string | null
}

/** Where all of a limit is used and Meta names no time. */
const UNTOLD_MS = 60_000

/** @param account its number: business use cases are told for each */
export function usageOf(answer: Answer, account: string | null): Usage {
  const points = json(answer, 'x-ad-account-usage')
  const insights = json(answer, 'x-fb-ads-insights-throttle')
  const cases = casesOf(json(answer, 'x-business-use-case-usage'), account)
  const pointsPct = number(points?.acc_id_util_pct)
  const insightsPct = Math.max(number(insights?.app_id_util_pct) ?? 0, number(insights?.acc_id_util_pct) ?? 0)
  const hourPct = new Map<string, number>()
  let waitMs = insightsPct >= 100 ? UNTOLD_MS : 0
  for (const one of cases) {
    const pct = ['call_count', 'total_cputime', 'total_time'].map(name => number(one[name]) ?? 0)
    if (typeof one.type === 'string') hourPct.set(one.type, Math.max(...pct))
    waitMs = Math.max(waitMs, (number(one.estimated_time_to_regain_access) ?? 0) * 60_000)
  }
  if ((pointsPct ?? 0) >= 100) {
    const reset = number(points?.reset_time_duration)
    waitMs = Math.max(waitMs, reset === null ? UNTOLD_MS : reset * 1000)
  }
  const tier = points?.ads_api_access_tier ?? insights?.ads_api_access_tier
  return { waitMs, pointsPct, hourPct, tier: typeof tier === 'string' ? tier : null }
}

/** `{account: [{type, call_count, …}]}`; several accounts may be named in one answer. */
function casesOf(header: Json | null, account: string | null): Json[] {
  if (header === null) return []
  const own = account === null ? undefined : header[account]
  return (own === undefined ? Object.values(header) : [own]).flat().filter(isObject)
}

function json(answer: Answer, name: string): Json | null {
  try {
    const value: unknown = JSON.parse(answer.header(name) ?? 'null')
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null
