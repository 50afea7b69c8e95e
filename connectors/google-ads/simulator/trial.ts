import type { Trial } from '../../../plugins/contract.ts'
import { faultsOf, standing } from '../../../plugins/simulator/standing.ts'
import { plainWorld } from '../../../plugins/simulator/world/plain.ts'
import { addDays, dayIn } from '../../../plugins/sync/index.ts'
import { startGoogleAds } from './index.ts'

/** 2026-04-15T09:30:00Z, 17 days after clocks went forward where the account is. UTC microseconds. */
const NOW = 1_776_245_400_000_000
const ZONE = 'Europe/Berlin'
const HISTORY_DAYS = 45
const MANY_ADS = 50

/** The simulator as conformance wants it: small pages, no limits, a clock that goes on while figures stand still. */
const trial: Trial = {
  async start({ seed, records, now = NOW }) {
    const time = standing(now)
    const isMany = records !== undefined
    const ads = isMany ? MANY_ADS : 2
    const campaigns = isMany ? Math.ceil(records / (HISTORY_DAYS * ads)) + 1 : 5
    const firstDay = addDays(dayIn(ZONE, now), -HISTORY_DAYS)
    const world = plainWorld({ seed, firstDay, campaigns, adsets: isMany ? 1 : 2, ads, zone: ZONE })
    const { platform, config, close } = await startGoogleAds({
      world,
      now: time.now,
      asOf: time.asOf,
      operations: null,
      pageRows: isMany ? 10_000 : 120,
      sharedBudgets: 2,
      isPerformanceMax: (_, index) => index === 1 && !isMany,
    })
    return {
      config: { ...config, history_days: HISTORY_DAYS, access_level: 'standard', conversion_window_days: 30 },
      address: { setting: 'base_url' },
      now,
      faults: {
        ...faultsOf(platform),
        repeatRows: () => {
          platform.faults.repeated = 2
        },
        restate: time.restate,
      },
      close,
    }
  },
}

export default trial
