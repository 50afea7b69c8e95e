import { addDays } from '../../../sync/days.ts'
import type { SiteEvent, SiteWorld } from '../site.ts'
import { boundsOf } from './calendar.ts'
import { delayOf, firedAgainAfter, outagesBetween } from './faults.ts'
import { hitsOf } from './hits.ts'
import { keptDays } from './kept.ts'
import type { People } from './people.ts'
import { LONGEST_VISIT_US } from './person.ts'

interface Collected {
  readonly event: SiteEvent
  readonly knownAt: number
}

/** Days whose hits are kept: today, and those being read. */
const KEPT_DAYS = 6

/** What the site's tag saw of the truth: nothing in an outage, some of it late, some purchases twice. */
export function siteWorldOf(people: People): SiteWorld {
  const { seed, firstDay, zone, currency } = people.options
  const collected = keptDays(KEPT_DAYS, day => collectedOn(people, day))
  return {
    seed,
    propertyId: `3300${seed}`,
    currency,
    zone,
    firstDay,
    events(day, asOf) {
      if (day < firstDay || boundsOf(day, zone).from > asOf) return []
      return collected(day)
        .filter(one => one.knownAt <= asOf)
        .map(one => one.event)
    },
  }
}

function collectedOn(people: People, day: string): readonly Collected[] {
  const { options } = people
  const { from, until } = boundsOf(day, options.zone)
  const outages = outagesBetween(options, addDays(day, -1), day)
  const all: Collected[] = []
  for (const person of people.around(day))
    person.visits.forEach(({ at }, number) => {
      if (at >= until || at < from - LONGEST_VISIT_US) return
      const delay = delayOf(options, person, number)
      for (const event of hitsOf(options, person, number)) {
        if (outages.some(outage => event.at >= outage.from && event.at < outage.until)) continue
        all.push({ event, knownAt: event.at + delay })
        const again = event.purchase && firedAgainAfter(options, event.purchase.transactionId)
        if (again !== null)
          all.push({ event: { ...event, at: event.at + again }, knownAt: event.at + again + delay })
      }
    })
  return all
    .filter(({ event }) => event.at >= from && event.at < until)
    .sort((a, b) => a.event.at - b.event.at)
}
