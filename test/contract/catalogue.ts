import type { Test } from 'tap'
import { answering } from './catalogue/answering.ts'
import { colliding } from './catalogue/colliding.ts'
import { isolating } from './catalogue/isolating.ts'
import type { CatalogueLab } from './catalogue/lab.ts'
import { migrating } from './catalogue/migrating.ts'

/**
 * What every catalogue must do, embedded (`test/engine/store/catalogue/embedded.test.ts`) as on a server
 * (`test/kafka/catalogue/contract.test.ts`).
 */
export function catalogueContract(t: Test, lab: CatalogueLab): void {
  answering(t, lab)
  isolating(t, lab)
  colliding(t, lab)
  migrating(t, lab)
}
