import type { Trial } from '../../../plugins/contract.ts'
import { faultsOf, standing } from '../../../plugins/simulator/standing.ts'
import { plainWorld } from '../../../plugins/simulator/world/plain.ts'
import { addDays, dayIn } from '../../../plugins/sync/index.ts'
import { startSnapchat } from './index.ts'

/** 2026-04-15T09:30:00Z, 17 days after clocks went forward where the account is. UTC microseconds. */
const NOW = 1_776_245_400_000_000
const ZONE = 'Europe/Berlin'
const HISTORY_DAYS = 45
const ADS = 3
const MANY_ADS = 5

/** The simulator as conformance wants it: small pages, no limits, a clock that goes on while figures stand still. */
const trial: Trial = {
  async start({ seed, records, now = NOW }) {
    const time = standing(now)
    const perCampaign = records === undefined ? ADS : MANY_ADS
    const campaigns = records === undefined ? 7 : Math.ceil(records / (HISTORY_DAYS * perCampaign)) + 1
    const firstDay = addDays(dayIn(ZONE, now), -HISTORY_DAYS)
    const world = plainWorld({ seed, firstDay, campaigns, adsets: 1, ads: perCampaign, zone: ZONE })
    const simulator = await startSnapchat({
      world,
      now: time.now,
      asOf: time.asOf,
      limited: false,
      maxPage: records === undefined ? 5 : 1000,
      statsPage: records === undefined ? 2 : 1000,
    })
    const { platform, config, close } = simulator
    return {
      config: {
        ...config,
        history_days: HISTORY_DAYS,
        swipe_up_attribution_window: '28_DAY',
        view_attribution_window: '1_DAY',
      },
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
