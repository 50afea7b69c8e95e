import { StratumError } from '../../../engine/errors.ts'
import type { TrustPolicy } from '../settings/policy.ts'
import { RISK_CLASSES, type RiskClass } from './actions.ts'
import { COMPONENTS, type Components } from './composite.ts'
import type { CapCode } from './gate/caps.ts'
import { gateView } from './gate/gate.ts'
import type { Gate, Status } from './level.ts'

/** What `stratum model trust` prints for a line. */
export interface TrustAnswer {
  readonly score: number | null
  readonly status: Status
  /** After caps, always that of actions that raise risk. */
  readonly effective_status: Status
  /** Of the class that was asked for, without hysteresis. */
  readonly gate: Gate
  /** All that hold, whichever class they limit. */
  readonly caps: readonly CapCode[]
}

/**
 * One line of `stratum model trust`: `{"emq":80.6,"freshness":100,"variance":70,"anomaly":null,"action_class":"protective"}`.
 * Scores are 0 to 100; null, or left out, is unknown.
 * @param where for the error: `line 3`
 * @throws StratumError RECORD_INVALID: says what is wrong with it
 */
export function answerLine(text: string, where: string, policy: TrustPolicy): TrustAnswer {
  const { components, risk } = readLine(text, where)
  const { score, status, effective_status, gates, caps } = gateView(components, policy)
  return { score, status, effective_status, gate: gates[risk].capped, caps: caps.map(({ code }) => code) }
}

const FIELDS: readonly string[] = [...COMPONENTS, 'action_class']

function readLine(text: string, where: string): { components: Components; risk: RiskClass } {
  const refuse = (why: string) => new StratumError('RECORD_INVALID', `${where}: ${why}`)
  let line: unknown
  try {
    line = JSON.parse(text)
  } catch {
    throw refuse('is not JSON; each line is one object, as {"emq":80,"action_class":"protective"}')
  }
  if (typeof line !== 'object' || line === null || Array.isArray(line)) throw refuse('must be an object')
  const fields = line as Readonly<Record<string, unknown>>
  const odd = Object.keys(fields).find(name => !FIELDS.includes(name))
  if (odd !== undefined) throw refuse(`there is no field "${odd}"; there are: ${FIELDS.join(', ')}`)
  const score = (name: string): number | null => {
    const value = fields[name] ?? null
    if (value === null || (typeof value === 'number' && value >= 0 && value <= 100)) return value
    throw refuse(`${name} must be a number from 0 to 100 or null, got ${JSON.stringify(value)}`)
  }
  const risk = RISK_CLASSES.find(known => known === fields.action_class)
  if (risk === undefined) {
    const got = fields.action_class === undefined ? 'nothing' : JSON.stringify(fields.action_class)
    throw refuse(`action_class must be ${RISK_CLASSES.map(name => `"${name}"`).join(' or ')}, got ${got}`)
  }
  const components = {
    emq: score('emq'),
    freshness: score('freshness'),
    variance: score('variance'),
    anomaly: score('anomaly'),
  }
  return { components, risk }
}
