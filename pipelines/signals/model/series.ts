import type { Detector, Verdict } from '../../anomaly/model/detector.ts'
import type { MetricAnomaly } from '../../trust/model/anomaly.ts'
import { entry } from './entry.ts'

/** One metric of one thing over time, as its detector keeps it. */
export interface Series {
  detector: unknown
  /** Values taken in, gaps not among them. */
  samples: number
  /** When the first and the last were, UTC microseconds. */
  since: number
  until: number
  z: number | null
}

export interface Fed extends Verdict {
  readonly metric: string
  /** When the interval began, UTC microseconds. */
  readonly at: number
  readonly value: number | null
}

export type SeriesByName = Record<string, Series>

/** The series of a platform: which are told up to when. */
export interface PlatformSeries {
  /** By metric; those of hours have `.hourly` and their source behind it. */
  series: SeriesByName
  /** Conversions by source and number of the hour since 1970, of hours that are not closed. */
  hours: Record<string, Record<number, number>>
  /** The next day to close for spend, and for what conversions are in; '': none was closed yet. */
  spendFrom: string
  conversionsFrom: string
}

export const noSeries = (): PlatformSeries => ({
  series: {},
  hours: {},
  spendFrom: '',
  conversionsFrom: '',
})

const DAY_US = 86_400_000_000

/** Gives a series its next value, in place. */
export function feed(
  series: SeriesByName,
  metric: string,
  detector: Detector,
  bins: number,
  { at, bin, value }: { readonly at: number; readonly bin: number; readonly value: number | null },
): Fed {
  const own = entry<Series>(series, metric, () => ({
    detector: detector.empty(bins),
    samples: 0,
    since: 0,
    until: 0,
    z: null,
  }))
  const verdict = detector.update(own.detector, value, bin)
  if (value !== null) {
    if (own.samples === 0) own.since = at
    own.samples++
    own.until = at
  }
  own.z = verdict.z
  return { ...verdict, metric, at, value }
}

export const measuredBy = ({ z, samples, since, until }: Readonly<Series>): MetricAnomaly => ({
  z,
  samples,
  days: (until - since) / DAY_US,
})

/** What is further from what was expected; one that still warms up says nothing beside one that does not. */
export function furthest(a: MetricAnomaly | undefined, b: MetricAnomaly): MetricAnomaly {
  if (a === undefined || a.z === null) return b
  return b.z !== null && b.z > a.z ? b : a
}
