import type { Trial } from '../../../plugins/contract.ts'
import { plainWorld } from '../../../plugins/simulator/world/plain.ts'
import { addDays, dayIn } from '../../../plugins/sync/days.ts'
import { MetaSimulator } from './index.ts'

const DAY_US = 86_400_000_000
const NOW = Date.UTC(2026, 4, 12, 9, 30) * 1000
const ZONE = 'America/New_York'
/** More than a report's 30, so that there are several. */
const DAYS = 32
const ADS_OF_A_CAMPAIGN = 4

/** Meta for the conformance kit: some pages of everything, no limits, and every fault it can have. */
const trial: Trial = {
  async start({ seed, now = NOW, records }) {
    const days = records === undefined ? DAYS : 90
    const campaigns = records === undefined ? 4 : Math.ceil(records / (days - 2) / ADS_OF_A_CAMPAIGN)
    const firstDay = addDays(dayIn(ZONE, now), 1 - days)
    const world = plainWorld({ seed, firstDay, campaigns, adsets: 2, ads: 2, zone: ZONE })
    const simulator = await MetaSimulator.start({
      world,
      now: () => now,
      writeDelayMs: 0,
      jobs: { unseenMs: 0, readyMs: 10 },
      mostRows: records === undefined ? 25 : 1000,
    })
    return {
      config: { ...simulator.config(), history_days: days },
      address: { setting: 'base_url' },
      now,
      single: ['accounts'],
      faults: {
        expireToken: () => simulator.tokens.expireAll(),
        forbid() {
          for (const right of ['ads_read', 'ads_management']) simulator.tokens.forbid(right)
        },
        repeatRows() {
          simulator.whims.repeats = true
        },
        empty() {
          simulator.whims.isEmpty = true
        },
        drift(kind) {
          simulator.whims.drift = kind
        },
        restate: () => simulator.restate(3 * DAY_US),
      },
      close: () => simulator.close(),
    }
  },
}

export default trial
