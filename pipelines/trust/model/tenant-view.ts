import type { Status } from './level.ts'

export interface PlatformView {
  readonly platform: string
  readonly score: number | null
  readonly effective_status: Status
  /** Micros of one currency; null: unknown. */
  readonly spend: number | null
}

export interface TenantView {
  readonly score: number | null
  readonly effective_status: Status
  /** Platforms of the worst status, by name. */
  readonly worst: readonly string[]
}

const WORST_FIRST = ['CRITICAL', 'DEGRADED', 'HEALTHY'] as const

/**
 * A tenant at a glance: the mean score weighted by spend, but the status of its worst platform. Only for the eye: an
 * action is gated by its own platform. Where no spend is known all platforms weigh the same. Source: product.md §4.2.
 */
export function tenantView(platforms: readonly PlatformView[]): TenantView {
  const status = WORST_FIRST.find(s => platforms.some(p => p.effective_status === s)) ?? 'CRITICAL'
  const worst = platforms.filter(p => p.effective_status === status).map(p => p.platform)
  const scored = platforms.filter(p => p.score !== null)
  const spent = scored.reduce((sum, p) => sum + Math.max(0, p.spend ?? 0), 0)
  const weight = (p: PlatformView) => (spent > 0 ? Math.max(0, p.spend ?? 0) / spent : 1 / scored.length)
  const score = scored.length === 0 ? null : scored.reduce((sum, p) => sum + weight(p) * p.score!, 0)
  return { score, effective_status: status, worst: worst.sort() }
}
