import { componentsOf } from '../gate/evidence.ts'
import type { About } from './about.ts'
import { opens } from './opens.ts'
import { standing, tell } from './tell.ts'
import { COMPONENT_TITLES, platformTitle, scoreText } from './words.ts'

const MEANING = { PASS: 'PASS', HOLD: 'HOLD (a person may approve)', BLOCK: 'BLOCK (by hand only)' } as const

export interface Explanation {
  /** Why it is not open; null where it is. */
  readonly because: string | null
  /** `match quality 81, freshness 37.5, variance 92, anomaly 97 → score 74.7, would have been PASS`. */
  readonly trust: string
  /** One sentence: what would have to change for it to open. */
  readonly opens: string
  /** All of it, line by line. */
  readonly lines: readonly string[]
}

/** A decision in words that a marketer understands. @throws RangeError: no such zone */
export function explain(about: About): Explanation {
  const { decision } = about
  const because = decision.final === 'PASS' ? null : why(about)
  const trust = scores(about)
  const opening = opens(about)
  const { platform, risk_class } = decision.inputs
  const what = risk_class === 'protective' ? 'actions that protect' : 'actions that raise risk'
  const lines = [
    `${platformTitle(platform)}, ${what}: ${MEANING[decision.final]}`,
    ...(because === null ? [] : [`  because ${because}`]),
    `  trust: ${trust}`,
    `  ${opening}`,
  ]
  return { because, trust, opens: opening, lines }
}

function why(about: About): string {
  const { decision, policy } = about
  const causes = standing(about).flatMap(cap => tell(cap, about).because ?? [])
  if (decision.raw !== 'PASS' && decision.score !== null)
    causes.push(
      `the score is ${scoreText(decision.score)} (below ${decision.raw === 'BLOCK' ? policy.settings.composite.hold : decision.gate.pass_from})`,
    )
  if (causes.length > 0) return causes.join('; ')
  return decision.inputs.before === null
    ? 'it was not watched for long enough yet'
    : 'it was worse a short while ago, and opens only when it has stayed better'
}

function scores({ decision }: About): string {
  const { components, scope } = decision.inputs
  const parts = componentsOf(scope).map(name => {
    const value = components[name]
    return `${COMPONENT_TITLES[name]} ${value === null ? 'unknown' : scoreText(value)}`
  })
  const score = decision.score === null ? 'no score' : `score ${scoreText(decision.score)}`
  const would = decision.raw === decision.final ? '' : `, would have been ${decision.raw}`
  return `${parts.join(', ')} → ${score}${would}`
}
