import type { Trial } from '../../../plugins/contract.ts'
import { faultsOf } from '../../../plugins/simulator/standing.ts'
import { reportTrial } from './report-trial.ts'
import { HISTORY_DAYS, started } from './standing.ts'

const EVENTS_A_SESSION = 4

/** BigQuery first, the Data API beside it. */
const trial: Trial = {
  async start({ seed, records, now: wanted }) {
    const { simulator, now, restate } = await started({
      seed,
      now: wanted,
      pageRows: records === undefined ? 30 : 5000,
      ...(records === undefined
        ? {}
        : { sessions: Math.ceil(records / (HISTORY_DAYS * EVENTS_A_SESSION)) + 1 }),
    })
    return {
      config: simulator.config(),
      address: { setting: 'bigquery_url' },
      now,
      faults: { ...faultsOf(simulator.platform), restate },
      close: () => simulator.close(),
    }
  },
  others: { 'Data API': reportTrial },
}

export default trial
