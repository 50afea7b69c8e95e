import type { NameCounts } from '../handed.ts'
import { type Days, noDays } from './days.ts'
import { noReading, type Reading } from './reading.ts'
import { noSeries, type PlatformSeries } from './series.ts'
import { noWaits, type Waits } from './waits.ts'

/** What a platform said of its match quality for one pixel and event name. */
export interface SaidQuality {
  name: string | null
  score: number | null
  scale: number | null
  events: number | null
  as_of: number
}

export interface SaidBySite {
  /** Latest event of the analytics source, UTC microseconds; null: none is connected. */
  analytics: number | null
  names: readonly NameCounts[]
  distinct: Readonly<Record<string, number>>
  people: number
  seen: readonly string[]
  twins: { readonly browser: number; readonly both: number } | null
}

/** All that the trust of one platform of one tenant rests on, under 64 KB. Times are UTC microseconds; 0: none yet. */
export interface PlatformState {
  /** Has the platform reported anything? Before, there is nothing to trust. */
  isActive: boolean
  /** The latest instant ticks have told. */
  now: number
  evaluated: number
  /** Something came since it was evaluated. */
  isDirty: boolean
  /** Up to when the platform's spend and conversions are told. */
  spend: number
  conversions: number
  reading: Reading
  /** Zones of accounts. */
  zones: Record<string, string>
  days: Days
  /** The latest conversion of the site that the platform brought. */
  last: number
  waits: Waits
  quality: Record<string, SaidQuality>
  site: SaidBySite | null
  series: PlatformSeries
  /** The variance that was told last. */
  shown: { date: string; text: string; revision: number }
  /** The tenant's settings in force as JSON, and their version; 0: it set none. */
  settings: { readonly version: number; readonly text: string }
}

export const noPlatform = (): PlatformState => ({
  isActive: false,
  now: 0,
  evaluated: 0,
  isDirty: false,
  spend: 0,
  conversions: 0,
  reading: noReading(),
  zones: {},
  days: noDays(),
  last: 0,
  waits: noWaits(),
  quality: {},
  site: null,
  series: noSeries(),
  shown: { date: '', text: '', revision: 0 },
  settings: { version: 0, text: '{}' },
})

/** Days that a platform and GA4 still change (product.md §4, "settled"). */
export const UNSETTLED_DAYS = 3

/** Days of a platform are those of its account; of several, of the first by its id. */
export function zoneOf({ zones }: Readonly<Pick<PlatformState, 'zones'>>): string {
  const [first] = Object.keys(zones).sort()
  return first === undefined ? 'UTC' : zones[first]!
}
