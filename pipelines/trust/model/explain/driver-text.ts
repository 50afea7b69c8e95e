import type { Driver, TrustPolicy } from '../../settings/policy.ts'
import type { Drivers } from '../drivers/emq.ts'
import { agoText, count, percent, quantity, scoreText, spanText } from './words.ts'

/** The counts and times that a driver's score came from, or why it has none. */
export function driverText(
  name: Driver,
  drivers: Drivers,
  asOf: number,
  zone: string,
  policy: TrustPolicy,
): string {
  switch (name) {
    case 'match_rate':
      return matchRateText(drivers.match_rate, policy)
    case 'coverage':
      return coverageText(drivers.coverage)
    case 'latency': {
      const { events, p90_hours } = drivers.latency.inputs
      if (p90_hours === null) return `${count(events, 'event')} in 24 h`
      return `nine of ten within ${spanText(p90_hours)}, of ${count(events, 'event')} in 24 h`
    }
    case 'attribution': {
      const { platform, ga4 } = drivers.attribution.inputs
      const of = (n: number | null) => (n === null ? 'unknown' : quantity(n))
      return `conversions of 7 settled days: platform ${of(platform)}, Google Analytics ${of(ga4)}`
    }
    case 'data_freshness': {
      const { last_event, p99_gap_minutes, history_days } = drivers.data_freshness.inputs
      const last =
        last_event === null ? 'no conversion yet' : `last conversion ${agoText(last_event, asOf, zone)}`
      const usual = p99_gap_minutes === null ? '' : `; gaps up to ${spanText(p99_gap_minutes / 60)} are usual`
      const short = drivers.data_freshness.reason === 'SHORT_HISTORY'
      return `${last}${usual}${short ? `; only ${count(Math.floor(history_days), 'day')} of history` : ''}`
    }
  }
}

function matchRateText({ inputs: { names } }: Drivers['match_rate'], policy: TrustPolicy): string {
  const { minimum_events } = policy.settings.match_quality
  if (names.length === 0) return `no event name has ${minimum_events} events in 48 h`
  return names
    .map(({ name, events, score, by }) => {
      const whose = by === 'platform' ? 'by the platform' : by === 'estimate' ? 'estimated' : 'no match keys'
      const value = score === null ? 'unknown' : scoreText(score)
      return `${name ?? 'all events'} ${value} (${count(events ?? 0, 'event')}, ${whose})`
    })
    .join(', ')
}

function coverageText({ inputs: { pages, types, twins } }: Drivers['coverage']): string {
  const parts = [
    ...(pages ? [`${pages.tagged} of ${count(pages.expected, 'page')} tagged`] : []),
    ...(types ? [`${types.seen} of ${count(types.configured, 'event type')} seen`] : []),
    ...(twins && twins.browser > 0
      ? [`${percent(twins.both / twins.browser)} of browser events come from the server too`]
      : []),
  ]
  return parts.length > 0 ? parts.join(', ') : 'nothing of it is counted'
}
