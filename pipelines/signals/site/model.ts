import { addTo, type Blocks, noBlocks, sumAt } from '../model/blocks.ts'
import { addValue, type Distinct, distinctAt, nothingDistinct } from '../model/distinct.ts'
import { entry } from '../model/entry.ts'

/** What a tenant's site says of itself in two days. Times are UTC microseconds. */
export interface Site {
  /** Latest event of an analytics source; 0: none yet. */
  analytics: number
  names: Record<string, { seen: number; events: Blocks; keys: Record<string, Blocks> }>
  distinct: Record<string, Distinct>
  people: Distinct
  browser: Blocks
  both: Blocks
  /** When a server last sent a purchase; 0: never. */
  server: number
  /** When it was last handed on. */
  handed: number
}

export const noSite = (): Site => ({
  analytics: 0,
  names: {},
  distinct: {},
  people: nothingDistinct(),
  browser: noBlocks(),
  both: noBlocks(),
  server: 0,
  handed: 0,
})

export interface Identified {
  readonly at: number
  readonly name: string
  /** Identifiers it has, by name. */
  readonly keys: Readonly<Record<string, string>>
  readonly person: string | null
}

/** Counts an event and its identifiers, in place. */
export function identify(site: Site, { at, name, keys, person }: Identified): void {
  const counts = entry(site.names, name, () => ({ seen: 0, events: noBlocks(), keys: {} }))
  if (at > counts.seen) counts.seen = at
  addTo(counts.events, at)
  for (const key in keys) {
    addTo(entry(counts.keys, key, noBlocks), at)
    addValue(entry(site.distinct, key, nothingDistinct), at, keys[key]!)
  }
  if (person !== null) addValue(site.people, at, person)
}

const SEEN_US = 28 * 24 * 3_600_000_000

/** What there is to say at a time. */
export function siteAt(site: Readonly<Site>, at: number) {
  const names = Object.entries(site.names)
  return {
    analytics: site.analytics === 0 ? null : site.analytics,
    names: names.map(([name, { events, keys }]) => ({
      name,
      events: sumAt(events, at),
      keys: Object.fromEntries(Object.entries(keys).map(([key, counts]) => [key, sumAt(counts, at)])),
    })),
    distinct: Object.fromEntries(
      Object.entries(site.distinct).map(([key, values]) => [key, distinctAt(values, at)]),
    ),
    people: distinctAt(site.people, at),
    seen: names.filter(([, { seen }]) => seen > at - SEEN_US).map(([name]) => name),
    twins:
      site.server > at - SEEN_US ? { browser: sumAt(site.browser, at), both: sumAt(site.both, at) } : null,
  }
}
