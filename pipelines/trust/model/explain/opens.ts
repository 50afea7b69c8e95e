import { type COMPONENTS, type Components, composite } from '../composite.ts'
import { componentsOf } from '../gate/evidence.ts'
import { openFrom } from '../gate/hysteresis.ts'
import { MINUTE_US } from '../measured.ts'
import { type About, capFrom } from './about.ts'
import { standing, tell } from './tell.ts'
import { COMPONENT_TITLES, listed, scoreText, timeText } from './words.ts'

/**
 * One sentence: what would have to change for the gate to open, that is to let actions run by themselves. It names every
 * condition that is not met, and how long it takes from then on.
 */
export function opens(about: About): string {
  const { decision, policy, zone } = about
  if (decision.final === 'PASS') return `It is open until ${timeText(decision.valid_until, zone)} at least.`
  const { minutes } = policy.settings.hysteresis
  // A level at a time.
  const steps = decision.final === 'BLOCK' ? 2 : 1
  const conditions = unmet(about)
  if (conditions.length > 0) return `It opens about ${minutes * steps} minutes after ${listed(conditions)}.`
  const first = decision.opens_at ?? decision.inputs.now + minutes * MINUTE_US
  const at = timeText(first + (steps - 1) * minutes * MINUTE_US, zone)
  return `It opens at ${at} if all stays as good as it is now.`
}

function unmet(about: About): string[] {
  const untils = standing(about).flatMap(cap => tell(cap, about).until ?? [])
  const score = scoreCondition(about)
  return score === null ? untils : [...untils, score]
}

/** What the score lacks, unless it comes with the other conditions. */
function scoreCondition(about: About): string | null {
  const { decision, policy } = about
  const { score, gate } = decision
  const needed = openFrom('PASS', gate, policy)
  if (score === null || score >= needed) return null
  const { components, scope } = decision.inputs
  const mended = afterwards(about)
  const then = composite(mended, policy, componentsOf(scope)).score
  if (then !== null && then >= needed) return null
  // What a missing variance asks of the score, its own condition says.
  if (standing(about).some(cap => cap.code === 'VARIANCE_MISSING')) return null
  return `the score rises from ${scoreText(score)} to ${needed}${costliest(components, mended, about)}`
}

/** The scores once what caps complain of is mended: as good as new; match quality, which mends slowly, just enough. */
function afterwards(about: About): Components {
  const mended = { ...about.decision.inputs.components }
  for (const cap of standing(about)) {
    if (cap.component === null || mended[cap.component] === null) continue
    mended[cap.component] = cap.component === 'emq' ? capFrom(cap, about) : 100
  }
  return mended
}

/** The component that costs the score the most, of those that no other condition names. */
function costliest(components: Components, mended: Components, { policy, decision }: About): string {
  const open = componentsOf(decision.inputs.scope).filter(
    name => components[name] !== null && components[name] === mended[name] && components[name]! < 100,
  )
  if (open.length === 0) return ''
  const cost = (name: (typeof COMPONENTS)[number]) =>
    policy.componentWeights[name] * (100 - components[name]!)
  const most = open.reduce((a, b) => (cost(b) > cost(a) ? b : a))
  return ` (most is lost by ${COMPONENT_TITLES[most]}, ${scoreText(components[most]!)})`
}
