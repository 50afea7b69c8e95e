import { piecewise } from '../../piecewise.ts'
import type { TrustPolicy } from '../settings/policy.ts'
import { HOUR_US, MINUTE_US } from './measured.ts'

/** A source of data and how far it reaches. */
export interface Source {
  /** `spend`, `conversions`, `ga4`, `capi`. */
  readonly name: string
  /** The latest instant up to which its data is complete, UTC microseconds; null: there was never any. */
  readonly watermark: number | null
  /** Hours: up to `fresh` it scores 100, from `stale` on 0. */
  readonly fresh: number
  readonly stale: number
  /** Freshness is the least of the required sources; the others are only shown. */
  readonly required: boolean
}

export type SourceCode = 'NO_DATA' | 'CLOCK_SKEW' | 'WATERMARK_IN_FUTURE'

export interface SourceFreshness extends Source {
  readonly age_hours: number | null
  /** 0 to 100; null: no data, or a watermark that cannot be. */
  readonly value: number | null
  readonly code: SourceCode | null
}

export interface Freshness {
  readonly value: number | null
  readonly reason: 'NO_SOURCES' | 'NO_DATA' | 'WATERMARK_IN_FUTURE' | null
  /** Name of the required source that decides: the one that restricts most, and of equals the oldest. */
  readonly limiting: string | null
  readonly sources: readonly SourceFreshness[]
}

/**
 * F, freshness: the least of its required sources, each by the age of its watermark. A sync that brought nothing new
 * does not help; one source without data makes the whole unknown. Where one is at 0 and another unknown, the one that
 * restricts more is said: 0 where match quality is known (0 blocks, unknown would hold), unknown where it is not (both
 * unknown block everything). Source: product.md §4.1, §4.2.
 * @param now UTC microseconds
 */
export function freshness(
  sources: readonly Source[],
  now: number,
  policy: TrustPolicy,
  isMatchKnown = true,
): Freshness {
  const isWorse = isMatchKnown ? isDeader : isStaler
  const each = sources.map(source => sourceFreshness(source, now, policy))
  let limiting: SourceFreshness | null = null
  for (const source of each) {
    if (source.required && (limiting === null || isWorse(source, limiting))) limiting = source
  }
  if (limiting === null) return { value: null, reason: 'NO_SOURCES', limiting: null, sources: each }
  const { name, value, watermark } = limiting
  const reason = value !== null ? null : watermark === null ? 'NO_DATA' : 'WATERMARK_IN_FUTURE'
  return { value, reason, limiting: name, sources: each }
}

/** One source alone. A watermark of the future is a wrong clock: a little is forgiven and told, much is not believed. */
export function sourceFreshness(source: Source, now: number, policy: TrustPolicy): SourceFreshness {
  const { skew_minutes: skew, invalid_hours: invalid } = policy.settings.freshness
  const { watermark } = source
  if (watermark === null) return scored(source, null, null, 'NO_DATA')
  const ahead = watermark - now
  if (ahead > invalid * HOUR_US) return scored(source, null, null, 'WATERMARK_IN_FUTURE')
  const age = Math.max(0, -ahead) / HOUR_US
  const score = piecewise([
    [source.fresh, 100],
    [source.stale, 0],
  ])
  return scored(source, age, score(age), ahead > skew * MINUTE_US ? 'CLOCK_SKEW' : null)
}

// Field by field: spreading an object a source was a sixth of an evaluation.
const scored = (
  { name, watermark, fresh, stale, required }: Source,
  age_hours: number | null,
  value: number | null,
  code: SourceCode | null,
): SourceFreshness => ({ name, watermark, fresh, stale, required, age_hours, value, code })

function isStaler(a: SourceFreshness, b: SourceFreshness): boolean {
  if (a.value === null || b.value === null) return a.value === null && b.value !== null
  return a.value !== b.value ? a.value < b.value : a.age_hours! > b.age_hours!
}

/** As `isStaler`, but what is at 0 is worse than what is unknown. */
function isDeader(a: SourceFreshness, b: SourceFreshness): boolean {
  const isDead = (source: SourceFreshness) => source.value === 0
  return isDead(a) === isDead(b) ? isStaler(a, b) : isDead(a)
}
