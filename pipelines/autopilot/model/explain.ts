import type { Decided, DecideInputs } from './decide.ts'

const PLAIN: Readonly<Record<string, string>> = {
  NO_CURRENT_VALUE: 'its present value is not known',
  SHADOW: 'the rule is in shadow: it only shows what it would do',
  COOLDOWN: 'the rule acted on it a short while ago',
  OPEN_ACTION: 'an action of this kind is open already',
  QUEUE_FULL: 'too many actions are open: approve or dismiss some',
  SUGGESTED: 'it waits for a person',
  NOT_IN_CANARY: 'it is not among the campaigns the rule begins with',
  BLAST_RADIUS: 'the limit of what the autopilot may change in 24 hours would be exceeded',
  HOLDOUT: 'it is held back to measure what the autopilot is worth',
}

const WORDS: Readonly<Record<string, string>> = {
  BUDGET_INCREASE: 'budget up',
  BUDGET_DECREASE: 'budget down',
  BID_INCREASE: 'bid up',
  BID_DECREASE: 'bid down',
}

/** A decision as a marketer reads it: what, and every reason against it. */
export function explainDecision(inputs: DecideInputs, decided: Decided, name: string | null): string {
  const { change, entity, subject } = inputs
  const what =
    change === null
      ? 'change'
      : change.field === 'status'
        ? change.type.toLowerCase().replace('_', ' ')
        : `${WORDS[change.type]} ${amount(change.before)} → ${amount(change.after)} ${change.currency ?? ''}`.trim()
  const head = `${subject.level} ${name === null ? entity : `"${name}"`}: ${what}`
  if (decided.outcome === 'EXECUTE') return `${head}, approved by the rule`
  const lines = decided.causes.map(cause => {
    if (cause === 'ALERT_ONLY' || cause === 'MANUAL_REQUIRED')
      return `the trust gate is ${decided.gate.final} (${decided.gate.caps.join(', ') || `score ${decided.gate.score ?? 'unknown'}`})`
    if (cause === 'ENFORCEMENT') return decided.enforcement.violations.map(v => v.message).join('; ')
    return PLAIN[cause]!
  })
  return [`${head}, not made by itself (${decided.outcome})`, ...lines.map(line => `  because ${line}`)].join(
    '\n',
  )
}

const amount = (value: number | string): string =>
  typeof value === 'number' ? (value / 1e6).toFixed(2) : value
