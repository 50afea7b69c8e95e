import { isPaid } from '../sessions/channel.ts'

/** Ad platforms by their public names (names.md). */
export const PLATFORMS = ['meta', 'google', 'tiktok', 'snapchat'] as const
export type Platform = (typeof PLATFORMS)[number]

/** The platform a connector reads; others read none of their own. */
export const PLATFORM_OF_SOURCE: Readonly<Record<string, Platform>> = {
  meta: 'meta',
  'google-ads': 'google',
  tiktok: 'tiktok',
  snapchat: 'snapchat',
}

/** Click ids and the platform that gives them (platforms.md §0.3). */
export const CLICK_IDS: Readonly<Record<Platform, readonly string[]>> = {
  google: ['gclid', 'gbraid', 'wbraid'],
  meta: ['fbclid'],
  tiktok: ['ttclid'],
  snapchat: ['ScCid'],
}

/** Traffic sources, as links to a site name them: `utm_source=fb`, `m.facebook.com`. */
const SOURCES: readonly (readonly [Platform, RegExp])[] = [
  ['meta', /^(fb|ig|meta|an|msg)$|(^|\.)(facebook|instagram|messenger)(\.com|_ads|-ads|ads)?$/],
  ['google', /^(google|adwords|google[-_ ]?ads)$/],
  ['tiktok', /(^|\.)tiktok(\.com|_ads|-ads|ads)?$/],
  ['snapchat', /^snap$|(^|\.)snapchat(\.com|_ads|-ads|ads)?$/],
]
const known = new Map<string, Platform | null>()

export interface Traffic {
  readonly traffic_source: string | null
  readonly traffic_medium: string | null
  readonly click_ids: Readonly<Record<string, string>>
}

/**
 * The ad platform that brought an event: the paid source it names, else the one whose click id it has. Null: none,
 * or a visit that was not paid for.
 */
export function platformOf({ traffic_source, traffic_medium, click_ids }: Traffic): Platform | null {
  if (traffic_source !== null && traffic_medium !== null) {
    const named = paidPlatform(traffic_source, traffic_medium)
    if (named !== null) return named
  }
  for (const id in click_ids)
    for (const platform of PLATFORMS) if (CLICK_IDS[platform].includes(id)) return platform
  return null
}

function paidPlatform(source: string, medium: string): Platform | null {
  const key = `${source}\0${medium}`
  let found = known.get(key)
  if (found === undefined) {
    const name = source.toLowerCase()
    found = isPaid(medium.toLowerCase()) ? (SOURCES.find(([, is]) => is.test(name))?.[0] ?? null) : null
    if (known.size > 10_000) known.clear()
    known.set(key, found)
  }
  return found
}
