import { didYouMean } from '../../../engine/config/suggest.ts'
import { messageOf } from '../../../engine/errors.ts'
import { type Scope, scopeOf } from '../../forecast/scope.ts'
import { isTree, type Tree } from '../../tree.ts'
import { type Target, type TargetRequest, targetOf } from '../model/target.ts'

/** A target by the name that a tenant gave it, and what it is of. */
export interface NamedTarget {
  readonly id: string
  readonly scope: Scope
  readonly target: Target
}

/** All of a tenant are looked at together, once an hour. */
export const MOST_TARGETS = 100
const ID = /^[A-Za-z0-9][\w-]{0,63}$/
const LONGEST = 200

const TEXTS = ['metric_type', 'period', 'start_date', 'end_date', 'platform', 'campaign_id']
const NUMBERS = ['target_value_cents', 'target_value', 'warning_threshold_pct', 'critical_threshold_pct']
const REQUIRED = ['metric_type', 'start_date', 'end_date']
const FIELDS = [...TEXTS, ...NUMBERS]

/** Targets as somebody set them, by name, and everything that is wrong with them by path. */
export function checkTargets(settings: Tree): {
  readonly targets: readonly NamedTarget[]
  readonly problems: readonly string[]
} {
  const entries = Object.entries(settings)
  if (entries.length > MOST_TARGETS)
    return {
      targets: [],
      problems: [
        `/: a tenant has at most ${MOST_TARGETS} targets, got ${entries.length}: take ended ones out`,
      ],
    }
  const targets: NamedTarget[] = []
  const problems: string[] = []
  for (const [id, given] of entries) {
    const checked = checkTarget(id, given)
    if (Array.isArray(checked)) problems.push(...checked)
    else targets.push(checked as NamedTarget)
  }
  return { targets, problems }
}

function checkTarget(id: string, given: unknown): NamedTarget | readonly string[] {
  const at = `/${id.slice(0, 64)}`
  if (!ID.test(id)) return [`${at}: a target's name is up to 64 letters, digits, - and _`]
  if (!isTree(given)) return [`${at} must be an object with metric_type, start_date, end_date and a value`]
  const problems = Object.keys(given)
    .filter(name => !FIELDS.includes(name))
    .map(name => `${at}/${name} is not a field of a target${didYouMean(name, FIELDS)}`)
  for (const name of REQUIRED) if (given[name] === undefined) problems.push(`${at}/${name} is required`)
  for (const name of FIELDS) {
    const value = given[name]
    const isText = TEXTS.includes(name)
    if (value === undefined) continue
    if (
      isText &&
      (typeof value !== 'string' || value === '' || value.length > LONGEST || value.includes('\0'))
    )
      problems.push(`${at}/${name} must be a text of 1 to ${LONGEST} characters`)
    if (!isText && typeof value !== 'number') problems.push(`${at}/${name} must be a number`)
  }
  if (problems.length > 0) return problems
  const { platform = null, campaign_id = null } = given as { platform?: string; campaign_id?: string }
  if (campaign_id !== null && platform === null)
    return [`${at}/campaign_id: say of which platform: /platform is required with it`]
  try {
    const target = targetOf(given as unknown as TargetRequest)
    if (target.metric === 'LEADS' && platform !== null)
      return [`${at}/platform: leads are counted for the tenant as a whole; leave it out`]
    return { id, scope: scopeOf(platform, campaign_id), target }
  } catch (error) {
    const message = messageOf(error).replace(/^target: /, '')
    return [FIELDS.some(name => message.startsWith(`${name} `)) ? `${at}/${message}` : `${at}: ${message}`]
  }
}

const known = new Map<string, readonly NamedTarget[]>()

/**
 * Targets in force, of their JSON. It was checked when it was set; one that an earlier release took and that cannot be any
 * more is left out, and refused by its path at the next change.
 */
export function targetsOf(text: string): readonly NamedTarget[] {
  let targets = known.get(text)
  if (targets === undefined) {
    targets = checkTargets(JSON.parse(text) as Tree).targets
    if (known.size > 1_000) known.clear()
    known.set(text, targets)
  }
  return targets
}
