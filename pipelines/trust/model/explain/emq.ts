import type { Driver, TrustPolicy } from '../../settings/policy.ts'
import { DRIVERS } from '../drivers/emq.ts'
import type { Trust } from '../evaluate.ts'
import type { Cap } from '../gate/caps.ts'
import { type About, capFrom, type Told } from './about.ts'
import { count, DRIVER_TITLES, listed, platformTitle, scoreText } from './words.ts'

/** Match quality too low or unknown. */
export function tellEmq(cap: Cap, about: About): Told {
  const { trust, policy, decision } = about
  const { value } = trust.emq
  const title = platformTitle(decision.inputs.platform)
  if (value === null) return unknownEmq(trust, title, policy)
  const weakest = weakestDriver(trust, policy)
  const part = weakest === null ? '' : `${DRIVER_TITLES[weakest.name]}, ${scoreText(weakest.value)}`
  const below = cap.code === 'EMQ_CRITICAL' ? policy.settings.caps.emq_block : capFrom(cap, about)
  return {
    because: `match quality is ${scoreText(value)} (below ${below})${part === '' ? '' : `: its weakest part is ${part}`}`,
    until: `match quality rises to ${capFrom(cap, about)}${part === '' ? '' : ` (what costs most is its ${part})`}`,
  }
}

function unknownEmq({ emq, drivers }: Trust, title: string, policy: TrustPolicy): Told {
  if (emq.reason === 'TOO_LITTLE_KNOWN') {
    const missing = listed(DRIVERS.filter(name => emq.inputs[name] === null).map(name => DRIVER_TITLES[name]))
    return {
      because: `match quality is unknown: of its parts too much is missing (${missing})`,
      until: `more of match quality is known (missing: ${missing})`,
    }
  }
  if (drivers.match_rate.reason === 'NO_MATCH_KEYS')
    return {
      because: `match quality is unknown: ${title} gives no score, and its events carry no match keys that could be counted`,
      until: `${title} gives a match score or its events carry match keys such as e-mail addresses and click ids`,
    }
  const least = policy.settings.match_quality.minimum_events
  return {
    because: `match quality is unknown: no event was counted ${count(least, 'time')} in two days`,
    until: `one kind of event, purchases for example, is counted at least ${count(least, 'time')} in two days`,
  }
}

/** The driver that costs the most: the furthest below 100 by its weight. */
function weakestDriver(
  { emq }: Pick<Trust, 'emq'>,
  policy: TrustPolicy,
): { readonly name: Driver; readonly value: number } | null {
  let weakest: { name: Driver; value: number } | null = null
  let most = 0
  for (const name of DRIVERS) {
    const value = emq.inputs[name]
    const cost = value === null ? 0 : policy.driverWeights[name] * (100 - value)
    if (value === null || cost <= most) continue
    most = cost
    weakest = { name, value }
  }
  return weakest
}
