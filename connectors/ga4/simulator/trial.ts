import type { Trial } from '../../../plugins/contract.ts'
import { faultsOf, standing } from '../../../plugins/simulator/standing.ts'
import { plainSite } from '../../../plugins/simulator/world/plain-site.ts'
import { addDays, dayIn } from '../../../plugins/sync/index.ts'
import { GA4Simulator } from './index.ts'

/** 2026-04-15T09:30:00Z, 17 days after clocks went forward where the property is. UTC microseconds. */
const NOW = 1_776_245_400_000_000
const ZONE = 'Europe/Berlin'
const HISTORY_DAYS = 20
const EVENTS_A_SESSION = 4

/** The simulator as conformance wants it: small pages, no limits, a clock that goes on while the tables stand still. */
const trial: Trial = {
  async start({ seed, records, now = NOW }) {
    const time = standing(now)
    const sessions = records === undefined ? 20 : Math.ceil(records / (HISTORY_DAYS * EVENTS_A_SESSION)) + 1
    const firstDay = addDays(dayIn(ZONE, now), -HISTORY_DAYS)
    const simulator = await GA4Simulator.start({
      world: plainSite({ seed, firstDay, sessions, zone: ZONE }),
      now: time.now,
      asOf: time.asOf,
      pageRows: records === undefined ? 30 : 5000,
    })
    return {
      config: simulator.config(),
      address: { setting: 'bigquery_url' },
      now,
      faults: {
        ...faultsOf(simulator.platform),
        restate: time.restate,
      },
      close: () => simulator.close(),
    }
  },
}

export default trial
