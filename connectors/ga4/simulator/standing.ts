import { standing } from '../../../plugins/simulator/standing.ts'
import { plainSite } from '../../../plugins/simulator/world/plain-site.ts'
import type { SiteWorld } from '../../../plugins/simulator/world/site.ts'
import { addDays, dayIn } from '../../../plugins/sync/index.ts'
import { GA4Simulator } from './index.ts'

/** 2026-04-15T09:30:00Z, 17 days after clocks went forward where the property is. UTC microseconds. */
const NOW = 1_776_245_400_000_000
const ZONE = 'Europe/Berlin'
export const HISTORY_DAYS = 20

interface Wanted {
  readonly seed: number
  readonly now: number | undefined
  readonly pageRows: number
  /** Days that there are. */
  readonly days?: number
  /** A day. */
  readonly sessions?: number
  /** Another world made of it. */
  readonly seen?: (world: SiteWorld) => SiteWorld
}

/** The simulator as conformance wants it: small pages, no limits, a clock that goes on while all it knows stands still. */
export async function started({
  seed,
  now = NOW,
  pageRows,
  days = HISTORY_DAYS,
  sessions = 20,
  seen = world => world,
}: Wanted) {
  const time = standing(now)
  const simulator = await GA4Simulator.start({
    world: seen(plainSite({ seed, firstDay: addDays(dayIn(ZONE, now), -days), sessions, zone: ZONE })),
    now: time.now,
    asOf: time.asOf,
    pageRows,
  })
  return { simulator, now, restate: () => time.restate() }
}
