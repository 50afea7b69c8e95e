import type { SiteEvent, SiteWorld } from '../../../../plugins/simulator/world/site.ts'

/** A session with what its hits come to, as GA4's reports count them. */
export interface Visit {
  readonly clientId: string
  readonly source: string
  readonly medium: string
  readonly campaign: string
  readonly keyEvents: number
  readonly purchases: readonly { readonly transactionId: string; readonly valueMicros: number }[]
}

/** The sessions of a day as known at a time. A transaction that was fired twice counts once, in the session it is in first. */
export function visitsOf(world: SiteWorld, day: string, asOf: number): Visit[] {
  const sessions = new Map<string, SiteEvent[]>()
  for (const event of world.events(day, asOf)) {
    const key = `${event.clientId}.${event.sessionId}`
    const hits = sessions.get(key)
    if (hits) hits.push(event)
    else sessions.set(key, [event])
  }
  const counted = new Set<string>()
  return [...sessions.values()].map(hits => {
    const first = hits[0]!
    const bought = hits.flatMap(({ purchase }) => purchase ?? [])
    return {
      clientId: first.clientId,
      source: first.source ?? '(direct)',
      medium: first.medium ?? '(none)',
      campaign: first.campaign ?? (first.source === null ? '(direct)' : '(not set)'),
      keyEvents: bought.length,
      purchases: bought.filter(({ transactionId }) => {
        const isNew = !counted.has(transactionId)
        counted.add(transactionId)
        return isNew
      }),
    }
  })
}

/** The channel group of the mediums that the worlds have. */
export function channelOf({ source, medium }: Visit): string {
  if (source === '(direct)') return 'Direct'
  if (medium === 'organic') return 'Organic Search'
  if (medium === 'email') return 'Email'
  if (/^(cpc|ppc)$/.test(medium)) return source === 'google' ? 'Paid Search' : 'Paid Social'
  return /^paid/.test(medium) ? 'Paid Social' : 'Unassigned'
}
