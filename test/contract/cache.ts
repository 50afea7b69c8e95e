import type { Test } from 'tap'
import type { CacheLab } from './cache/lab.ts'
import { limiting } from './cache/limiting.ts'
import { locking } from './cache/locking.ts'
import { remembering } from './cache/remembering.ts'
import { signing } from './cache/signing.ts'

/** What every cache must do, in process (`test/engine/store/cache`) as on a server (`test/kafka/cache`). */
export function cacheContract(t: Test, lab: CacheLab): void {
  remembering(t, lab)
  limiting(t, lab)
  locking(t, lab)
  signing(t, lab)
}
