import { piecewise } from '../../piecewise.ts'
import type { Points, TrustSettings } from './schema.ts'

/** A weight in millionths: sums of such weights are exact, so that four times 70 is 70 and not 69.99999999999999. */
export type Weights<K extends string> = Readonly<Record<K, number>>
export type Curve = (x: number) => number

export type Driver = 'match_rate' | 'coverage' | 'latency' | 'attribution' | 'data_freshness'
export type Component = 'emq' | 'freshness' | 'variance' | 'anomaly'

/**
 * Settings of one version, made ready: curves as functions, weights in millionths. Made once by `policyOf` and given to
 * every evaluation until the settings change.
 */
export interface TrustPolicy {
  /** Of the settings, counted up by whoever stores them; part of every decision. */
  readonly version: number
  readonly settings: TrustSettings
  readonly driverWeights: Weights<Driver>
  readonly componentWeights: Weights<Component>
  /** By the plain name of an event (`event-name.ts`). */
  readonly eventWeights: ReadonlyMap<string, number>
  readonly keyWeights: readonly (readonly [key: string, weight: number])[]
  readonly curves: {
    readonly latency: Curve
    readonly attribution: Curve
    readonly dataFreshness: Curve
    readonly level: Curve
    readonly drift: Curve
    readonly anomaly: Curve
  }
}

const millionths = (weight: number) => Math.round(weight * 1e6)
const scaled = <K extends string>(weights: Readonly<Record<K, number>>): Weights<K> =>
  Object.fromEntries(
    Object.entries<number>(weights).map(([name, weight]) => [name, millionths(weight)]),
  ) as Record<K, number>

/** `Add To Cart`, `add_to_cart` and `AddToCart` are one event. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** @param settings complete and checked (`settings/check.ts`) */
export function policyOf(settings: TrustSettings, version: number): TrustPolicy {
  const { match_quality, variance, anomaly, composite } = settings
  const curve = (points: unknown): Curve => piecewise(points as Points)
  return {
    version,
    settings,
    driverWeights: scaled(match_quality.weights),
    componentWeights: scaled(composite.weights),
    eventWeights: new Map(
      Object.entries(match_quality.event_weights).map(([name, weight]) => [
        plainName(name),
        millionths(weight),
      ]),
    ),
    keyWeights: Object.entries(scaled(match_quality.key_weights)),
    curves: {
      latency: curve(match_quality.latency),
      attribution: curve(match_quality.attribution),
      dataFreshness: curve(match_quality.data_freshness),
      level: curve(variance.level),
      drift: curve(variance.drift),
      anomaly: curve(anomaly.score),
    },
  }
}
