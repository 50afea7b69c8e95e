import { withOffset } from '../../../../engine/clock/days.ts'
import type { Component, Driver } from '../../settings/policy.ts'
import { HOUR_US } from '../measured.ts'

/** Words and numbers as a marketer reads them. */

const PLATFORMS: Readonly<Record<string, string>> = {
  meta: 'Meta',
  google: 'Google Ads',
  tiktok: 'TikTok',
  snapchat: 'Snapchat',
}
export const platformTitle = (platform: string): string => PLATFORMS[platform] ?? platform

export const COMPONENT_TITLES: Readonly<Record<Component, string>> = {
  emq: 'match quality',
  freshness: 'freshness',
  variance: 'variance',
  anomaly: 'anomaly',
}

export const DRIVER_TITLES: Readonly<Record<Driver, string>> = {
  match_rate: 'match rate',
  coverage: 'coverage',
  latency: 'latency',
  attribution: 'agreement on conversions',
  data_freshness: 'freshness of the event stream',
}

const METRICS: Readonly<Record<string, string>> = { cpa: 'cost per conversion', roas: 'ROAS' }
export const metricTitle = (metric: string): string => METRICS[metric] ?? metric

export const possessive = (name: string): string => (name.endsWith('s') ? `${name}'` : `${name}'s`)

/** `a, b and c`. */
export function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('')
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** A score cut to one decimal, without `.0`: 69.96 reads 69.9 and never 70. */
export const scoreText = (score: number): string => String(Math.floor(score * 10) / 10)

/** A quantity: `39`, `5.2`, `0.18`. */
export const quantity = (x: number): string =>
  x.toLocaleString('en-US', { maximumFractionDigits: Math.abs(x) >= 10 ? 0 : Math.abs(x) >= 1 ? 1 : 2 })

export const count = (n: number, what: string): string =>
  `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`

/** `1.35 times`. */
export const times = (x: number): string =>
  `${x.toLocaleString('en-US', { maximumFractionDigits: x >= 10 ? 0 : 2 })} times`

/** Micros as an amount in the unit of its currency: `1,350.00`. */
export const money = (micros: number): string =>
  (micros / 1e6).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

export const percent = (share: number): string => `${quantity(100 * share)} %`

/** `2026-01-14 09:00` in a zone of the IANA database. @throws RangeError: no such zone */
export const timeText = (micros: number, zone: string): string =>
  withOffset(micros, zone).slice(0, 16).replace('T', ' ')

/** `25 min`, `39 h`, `6 days`. */
export function spanText(hours: number): string {
  if (hours < 1) return `${Math.round(hours * 60)} min`
  return hours < 72 ? `${quantity(hours)} h` : `${quantity(Math.floor(hours / 24))} days`
}

/** `2026-01-14 09:00, 39 h ago`. */
export const agoText = (micros: number, now: number, zone: string): string =>
  `${timeText(micros, zone)}, ${spanText(Math.max(0, now - micros) / HOUR_US)} ago`
