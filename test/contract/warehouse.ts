import type { Test } from 'tap'
import type { Things } from '../support/things.ts'
import { answering } from './warehouse/answering.ts'
import { holding } from './warehouse/holding.ts'
import { inserting } from './warehouse/inserting.ts'
import { planning } from './warehouse/planning.ts'

/**
 * What every warehouse must do, in process (`test/engine/store/chdb.test.ts` and `test/engine/sink`) as over the
 * network (`test/kafka/warehouse/contract.test.ts`).
 */
export function warehouseContract(t: Test, lab: Things): void {
  answering(t, lab)
  holding(t, lab)
  planning(t, lab)
  inserting(t, lab)
}
