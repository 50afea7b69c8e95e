import type { Trial } from '../../../plugins/contract.ts'
import { faultsOf } from '../../../plugins/simulator/standing.ts'
import type { SiteWorld } from '../../../plugins/simulator/world/site.ts'
import { HISTORY_DAYS, started } from './standing.ts'

/** Two days of the plain site, which has four sources. */
const PAGE_ROWS = 8
/** Of many records: a report is of a week, and made before its first page is given. */
const MANY_DAYS = 140

/** The Data API as conformance wants it. */
export const reportTrial: Trial = {
  async start({ seed, records, now: wanted }) {
    const days = records === undefined ? HISTORY_DAYS : MANY_DAYS
    const { simulator, now, restate } = await started({
      seed,
      now: wanted,
      days,
      ...(records === undefined
        ? { pageRows: PAGE_ROWS }
        : // The last days are not complete yet.
          { pageRows: 5000, sessions: Math.ceil(records / (days - 2)), seen: oneCampaignASession }),
    })
    return {
      config: { ...simulator.reportConfig(), history_days: days },
      address: { setting: 'data_api_url' },
      now,
      faults: { ...faultsOf(simulator.platform), restate },
      close: () => simulator.close(),
    }
  },
}

/** As many rows of a report as there are sessions. */
const oneCampaignASession = (world: SiteWorld): SiteWorld => ({
  ...world,
  events: (day, asOf) =>
    world.events(day, asOf).map(event => ({ ...event, campaign: `${event.clientId} ${event.sessionId}` })),
})
