import type { Cap } from '../gate/caps.ts'
import { openFrom } from '../gate/hysteresis.ts'
import type { Variance } from '../variance/variance.ts'
import { type About, capFrom, type Told } from './about.ts'
import { platformTitle, scoreText, times } from './words.ts'

/** The platform's revenue too far from Google Analytics', or one of them unknown. */
export function tellVariance(cap: Cap, about: About): Told {
  const { trust, decision } = about
  const title = platformTitle(decision.inputs.platform)
  if (trust.variance.value === null) return unknownVariance(trust.variance, title, about)
  const { why, until } = tooFar(trust.variance, title)
  return {
    because: `variance is ${scoreText(trust.variance.value)} (below ${capFrom(cap, about)}): ${why}`,
    until,
  }
}

function unknownVariance({ reason }: Variance, title: string, { decision, policy }: About): Told {
  const from = openFrom('PASS', decision.gate, policy)
  const or = `(or the score reaches ${from} without that)`
  switch (reason) {
    case 'NO_PLATFORM':
      return {
        because: `variance is unknown: ${title} reported no revenue figures, so that the score must be ${decision.gate.pass_from}`,
        until: `${title} reports revenue ${or}`,
      }
    case 'NO_REVENUE':
      return {
        because: `variance is unknown: neither ${title} nor Google Analytics has any revenue, so that the score must be ${decision.gate.pass_from}`,
        until: `there is revenue to compare ${or}`,
      }
    default:
      return {
        because: `variance is unknown without Google Analytics, so that the score must be ${decision.gate.pass_from}`,
        until: `Google Analytics is connected and has data ${or}`,
      }
  }
}

function tooFar(
  { code, level, drift, log_ratio }: Variance,
  title: string,
): { readonly why: string; readonly until: string } {
  switch (code) {
    case 'ZERO_BOTH':
      return {
        why: `money is spent, and neither ${title} nor Google Analytics sees any revenue, where there used to be some`,
        until: 'purchases are tracked again',
      }
    case 'ZERO_GA4':
      return {
        why: `Google Analytics sees no revenue and ${title} does`,
        until: 'Google Analytics sees revenue again',
      }
    case 'ZERO_PLATFORM':
      return {
        why: `${title} reports no revenue and Google Analytics sees some`,
        until: `${title} reports revenue again`,
      }
  }
  const now = `${title} reports ${times(Math.exp(log_ratio!))} the revenue that Google Analytics sees`
  if (drift !== null && drift.value < level!) {
    const usual = times(Math.exp(drift.baseline))
    return {
      why: `${now}, where ${usual} is usual`,
      until: `the revenue that ${title} reports comes back to about ${usual} Google Analytics'`,
    }
  }
  return { why: now, until: `the revenue that ${title} reports comes nearer to Google Analytics'` }
}
