import type { Trial } from '../../../plugins/contract.ts'
import { plainWorld } from '../../../plugins/simulator/world/plain.ts'
import { addDays, dayIn } from '../../../plugins/sync/index.ts'
import { startTikTok } from './server.ts'

const NOW = Date.UTC(2026, 2, 20, 15, 30) * 1000
const ZONE = 'America/New_York'
const HISTORY_DAYS = 12
/** For the measure of memory: as many days as a first sync reads. */
const LONG_HISTORY_DAYS = 90
const DAY_US = 86_400_000_000

/** The simulator under the conformance kit: little data on many pages, without limits. */
const trial: Trial = {
  async start({ seed, records, now = NOW }) {
    const history = records === undefined ? HISTORY_DAYS : LONG_HISTORY_DAYS
    const size =
      records === undefined
        ? { campaigns: 6, adsets: 2, ads: 3 }
        : { campaigns: Math.ceil(records / history / 100), adsets: 10, ads: 10 }
    const firstDay = addDays(dayIn(ZONE, now), 1 - history)
    const world = plainWorld({ seed, firstDay, zone: ZONE, ...size })
    const pageRows = records === undefined ? { pageRows: 25 } : {}
    const tiktok = await startTikTok({
      world,
      now: () => now,
      token: `token-of-trial-${seed}-4711`,
      ...pageRows,
    })
    const { faults, token } = tiktok.platform
    return {
      config: {
        access_token: token,
        advertiser_ids: tiktok.platform.entities.accounts.map(account => account.id),
        app_id: `trial-${seed}`,
        service_tier: 'ultimate',
        history_days: history,
        base_url: tiktok.baseUrl,
      },
      address: { setting: 'base_url' },
      now,
      faults: {
        expireToken() {
          faults.isExpired = true
        },
        forbid() {
          faults.isForbidden = true
        },
        repeatRows() {
          faults.repeatsRows = true
        },
        empty() {
          faults.isEmpty = true
        },
        drift(kind) {
          faults.drift = kind
        },
        restate() {
          faults.aheadUs += 3 * DAY_US
        },
      },
      close: () => tiktok.close(),
    }
  },
}

export default trial
