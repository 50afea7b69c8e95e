import type { Component, Driver, TrustPolicy } from '../../settings/policy.ts'
import type { Watched } from '../anomaly.ts'
import { COMPONENTS } from '../composite.ts'
import { DRIVERS } from '../drivers/emq.ts'
import type { Trust } from '../evaluate.ts'
import { driverText } from './driver-text.ts'
import { sourceWords } from './sources.ts'
import {
  agoText,
  COMPONENT_TITLES,
  DRIVER_TITLES,
  metricTitle,
  money,
  quantity,
  scoreText,
  spanText,
  times,
  timeText,
} from './words.ts'

/** A score, what it came from in words, and the scores it was made of. */
export interface Unfolded {
  readonly title: string
  readonly value: number | null
  /** Share of the weights it has above; null: it is not weighted. */
  readonly weight: number | null
  /** Counts and times it came from, or why it is unknown; '' where its parts say all. */
  readonly from: string
  readonly parts: readonly Unfolded[]
}

/** What a trust is about, to be unfolded. */
export interface UnfoldContext {
  readonly platform: string
  readonly policy: TrustPolicy
  /** Zone of the ad account, of the IANA database. */
  readonly zone: string
}

/** The four components, each down to the counts and watermarks it came from. @throws RangeError: no such zone */
export function unfold(trust: Trust, context: UnfoldContext): readonly Unfolded[] {
  const { policy } = context
  const part: Readonly<Record<Component, () => Omit<Unfolded, 'title' | 'weight'>>> = {
    emq: () => ({ value: trust.emq.value, from: emqText(trust), parts: driverParts(trust, context) }),
    freshness: () => ({ value: trust.freshness.value, from: '', parts: sourceParts(trust, context) }),
    variance: () => ({
      value: trust.variance.value,
      from: varianceText(trust),
      parts: varianceParts(trust),
    }),
    anomaly: () => ({ value: trust.anomaly.value, from: '', parts: metricParts(trust) }),
  }
  return COMPONENTS.map(name => ({
    title: COMPONENT_TITLES[name],
    weight: policy.settings.composite.weights[name],
    ...part[name](),
  }))
}

/** Line by line, indented by depth: `  match rate 82 (weight 0.3): Purchase 82, 312 events, by the platform`. */
export function unfoldedLines(parts: readonly Unfolded[], depth = 0): string[] {
  return parts.flatMap(({ title, value, weight, from, parts: inner }) => {
    const score = value === null ? 'unknown' : scoreText(value)
    const of = weight === null ? '' : ` (weight ${quantity(weight)})`
    const why = from === '' ? '' : `: ${from}`
    return [`${'  '.repeat(depth)}${title} ${score}${of}${why}`, ...unfoldedLines(inner, depth + 1)]
  })
}

const emqText = ({ emq }: Trust): string => {
  if (emq.reason === 'NO_MATCH_RATE') return 'there is none without a match rate'
  const known = `${quantity(100 * emq.known)} % of the weights are known`
  return emq.reason === 'TOO_LITTLE_KNOWN' ? `only ${known}` : emq.known === 1 ? '' : known
}

const driverParts = ({ drivers, as_of }: Trust, { policy, zone }: UnfoldContext): Unfolded[] =>
  DRIVERS.map((name: Driver) => ({
    title: DRIVER_TITLES[name],
    value: drivers[name].value,
    weight: policy.settings.match_quality.weights[name],
    from: driverText(name, drivers, as_of, zone, policy),
    parts: [],
  }))

const sourceParts = ({ freshness, as_of }: Trust, { platform, zone }: UnfoldContext): Unfolded[] =>
  freshness.sources.map(source => {
    const { watermark, code, fresh, stale, required } = source
    const limits = `fresh to ${spanText(fresh)}, stale from ${spanText(stale)}`
    const reach =
      watermark === null
        ? 'it has not come yet'
        : code === 'WATERMARK_IN_FUTURE'
          ? `it claims to reach to ${timeText(watermark, zone)}, which is still to come`
          : `ends ${agoText(watermark, as_of, zone)}${code === 'CLOCK_SKEW' ? ', ahead of our clock' : ''}`
    return {
      title: sourceWords(source.name, platform).data,
      value: source.value,
      weight: null,
      from: `${reach}; ${limits}${required ? '' : '; not required'}`,
      parts: [],
    }
  })

function varianceText({ variance }: Trust): string {
  const { platform_revenue: p, ga4_revenue: g } = variance.inputs
  const of = (amount: number | null) => (amount === null ? 'unknown' : money(amount))
  const pct = variance.variance_pct === null ? '' : `, ${quantity(variance.variance_pct)} % apart`
  return `revenue of 7 settled days: platform ${of(p)}, Google Analytics ${of(g)}${pct}`
}

function varianceParts({ variance }: Trust): Unfolded[] {
  const { level, drift, log_ratio, inputs } = variance
  if (level === null || log_ratio === null) return []
  const ratio = times(Math.exp(log_ratio))
  const days = inputs.baseline.filter(r => r !== null).length
  return [
    { title: 'level', value: level, weight: null, from: ratio, parts: [] },
    {
      title: 'drift',
      value: drift?.value ?? null,
      weight: null,
      from:
        drift === null
          ? `${days} days of baseline are too few`
          : `${quantity(drift.z)} spreads from the usual ${times(Math.exp(drift.baseline))} of ${drift.days} days`,
      parts: [],
    },
  ]
}

const WHY_NOT = {
  NOT_MEASURED: 'not watched yet',
  WARMING_UP: 'warming up',
  TOO_FEW_CONVERSIONS: 'too few conversions',
} as const

const metricParts = ({ anomaly }: Trust): Unfolded[] =>
  (Object.keys(anomaly.metrics) as Watched[]).map(name => {
    const { value, reason } = anomaly.metrics[name]!
    const seen = anomaly.inputs.metrics[name]
    const history = seen ? `${seen.samples} values in ${Math.floor(seen.days)} days` : ''
    const z = seen?.z ?? null
    const what = reason === null ? `${quantity(Math.abs(z ?? 0))} deviations` : WHY_NOT[reason]
    return {
      title: metricTitle(name),
      value,
      weight: null,
      from: [what, history].filter(text => text !== '').join(', '),
      parts: [],
    }
  })
