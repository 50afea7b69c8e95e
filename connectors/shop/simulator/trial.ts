import type { Trial } from '../../../plugins/contract.ts'

const DAYS = 10
const SESSIONS_A_DAY = 60
/** Fewer than a visit has on average, so that there are enough. */
const EVENTS_A_VISIT = 4

/** The shop is its own simulator, a function of seed and time: a trial is some days of it. */
const trial: Trial = {
  async start({ seed, records = 0, now = Date.UTC(2026, 5, 15, 12) * 1000 }) {
    const wanted = Math.ceil(records / EVENTS_A_VISIT / DAYS)
    return {
      config: {
        seed: `trial-${seed}`,
        currency: 'EUR',
        historyDays: DAYS,
        sessionsPerDay: Math.min(50_000, Math.max(SESSIONS_A_DAY, wanted)),
      },
      address: null,
      now,
      close: async () => {},
    }
  },
}

export default trial
