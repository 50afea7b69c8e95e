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

const formats = new Map<string, Intl.NumberFormat>()

/** Made once, when one is needed: a formatter takes longer to make than a whole decision. */
function digits(most: number, least = 0): Intl.NumberFormat {
  const name = `${least}-${most}`
  let format = formats.get(name)
  if (format === undefined) {
    format = new Intl.NumberFormat('en-US', { minimumFractionDigits: least, maximumFractionDigits: most })
    formats.set(name, format)
  }
  return format
}

/** A quantity: `39`, `5.2`, `0.18`. */
export const quantity = (x: number): string =>
  digits(Math.abs(x) >= 10 ? 0 : Math.abs(x) >= 1 ? 1 : 2).format(x)

/** `1,234 events`, `1 event`. */
export const count = (n: number, what: string): string =>
  `${digits(0).format(n)} ${what}${n === 1 ? '' : 's'}`

/** `1.35 times`. */
export const times = (x: number): string => `${digits(x >= 10 ? 0 : 2).format(x)} times`

/** Micros as an amount in the unit of its currency: `1,350.00`. */
export const money = (micros: number): string => digits(2, 2).format(micros / 1e6)

export const percent = (share: number): string => `${quantity(100 * share)} %`

const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone)
  if (clock === undefined) {
    // Swedish writes times as ISO 8601 does.
    clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
    clocks.set(zone, clock)
  }
  return clock
}

/** `2026-01-14 09:00` in a zone of the IANA database. @throws RangeError: no such zone */
export const timeText = (micros: number, zone: string): string =>
  clockOf(zone).format(Math.floor(micros / 1000))

/** `25 min`, `39 h`, `6 days`. */
export function spanText(hours: number): string {
  if (hours < 1) return `${Math.round(hours * 60)} min`
  return hours < 72 ? `${quantity(hours)} h` : `${quantity(Math.floor(hours / 24))} days`
}

/** `2026-01-14 09:00, 39 h ago`. */
export const agoText = (micros: number, now: number, zone: string): string =>
  `${timeText(micros, zone)}, ${spanText(Math.max(0, now - micros) / HOUR_US)} ago`
