import type { Cap } from '../gate/caps.ts'
import { isWorse } from '../level.ts'
import type { About, Told } from './about.ts'
import { tellAnomaly } from './anomaly.ts'
import { tellEmq } from './emq.ts'
import { tellFreshness } from './freshness.ts'
import { tellOperation } from './operations.ts'
import { tellVariance } from './variance.ts'

/** One cap in words. */
export function tell(cap: Cap, about: About): Told {
  switch (cap.component) {
    case 'emq':
      return tellEmq(cap, about)
    case 'freshness':
      return tellFreshness(cap, about)
    case 'variance':
      return tellVariance(cap, about)
    case 'anomaly':
      return tellAnomaly(cap, about)
  }
  // Their parts are caps of their own, which say what is missing.
  if (cap.code === 'NO_DATA') return { because: 'nothing is known of this platform yet', until: null }
  if (cap.code === 'EMQ_AND_FRESHNESS_MISSING') return { because: null, until: null }
  return tellOperation(cap, about)
}

/** The caps that stand in the way of passing for the decision's class, the hardest first. */
export function standing({ decision }: About): readonly Cap[] {
  const limit = (cap: Cap) => cap.limits[decision.inputs.risk_class]
  const limiting = decision.caps.filter(cap => limit(cap) !== 'PASS')
  return limiting.toSorted((a, b) => (isWorse(limit(a), limit(b)) ? -1 : isWorse(limit(b), limit(a)) ? 1 : 0))
}
