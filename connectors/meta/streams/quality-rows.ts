import type { MatchQualityRecord } from '../../../plugins/records/match-quality.ts'
import { isObject, type Json } from '../fields.ts'
import type { EventStats, Window } from './pixel-stats.ts'

/** What `dataset_quality` says of one event. */
export interface DatasetQuality {
  /** 0 to 10. */
  readonly score: number | null
  /** Share of events with a match key, 0 to 1. */
  readonly coverage: Readonly<Record<string, number>>
}

const SCALE = 10

/** By event. What is not there stays out. Pure. */
export function datasetQualityOf(body: Json): Map<string, DatasetQuality> {
  const found = new Map<string, DatasetQuality>()
  for (const entry of listOf(body.web)) {
    if (typeof entry.event_name !== 'string' || entry.event_name === '') continue
    const quality = isObject(entry.event_match_quality) ? entry.event_match_quality : {}
    const coverage: Record<string, number> = {}
    for (const { identifier, coverage: share } of listOf(quality.match_key_feedback)) {
      const percentage = isObject(share) ? share.percentage : null
      if (typeof identifier === 'string' && typeof percentage === 'number')
        coverage[identifier] = percentage / 100
    }
    const score = quality.composite_score
    found.set(entry.event_name, { score: typeof score === 'number' ? score : null, coverage })
  }
  return found
}

export interface QualityContext {
  readonly pixel: string
  readonly account: string
  readonly window: Window
  readonly asOf: number
}

/**
 * One record for each event that either of them names. Shares are of the statistics, whose window is known; where
 * there are none, as Meta's quality gives them. Pure.
 */
export function qualityRecords(
  stats: ReadonlyMap<string, EventStats>,
  scores: ReadonlyMap<string, DatasetQuality>,
  { pixel, account, window, asOf }: QualityContext,
): MatchQualityRecord[] {
  const names = [...new Set([...stats.keys(), ...scores.keys()])].sort()
  return names.map(name => {
    const counted = stats.get(name)
    const quality = scores.get(name)
    const score = quality?.score ?? null
    return {
      platform: 'meta',
      account_id: account,
      pixel_id: pixel,
      event_name: name,
      score,
      scale: score === null ? null : SCALE,
      grade: null,
      events: counted?.events ?? null,
      coverage: counted && counted.keys.size > 0 ? sharesOf(counted) : (quality?.coverage ?? {}),
      window_start: counted ? window.start : null,
      window_end: counted ? window.end : null,
      as_of: asOf,
    }
  })
}

/** The two counts are made apart, so that a share may come out a little above one. */
function sharesOf({ events, keys }: EventStats): Record<string, number> {
  return Object.fromEntries(
    [...keys].flatMap(([key, n]) => (events > 0 ? [[key, Math.min(1, n / events)]] : [])),
  )
}

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : [])
