import { createHash } from 'node:crypto'
import { parseDocument } from 'yaml'
import { canonical } from '../../../engine/canonical.ts'
import { didYouMean } from '../../../engine/config/suggest.ts'
import { messageOf, StratumError } from '../../../engine/errors.ts'
import { PLATFORMS, type Platform } from '../../signals/platform.ts'
import { isTree, type Tree } from '../../tree.ts'
import { ACTION_TYPES, type ActionType } from '../../trust/model/actions.ts'
import { parseCondition } from './expression/parse.ts'
import { FUNCTIONS } from './expression/tree.ts'
import { isMoney, isOffered, isStanding, METRICS, OFFERED, type Read, STANDING, type Window } from './read.ts'
import { type Proposes, RULE_MODES, type Rule, type RuleMode } from './rule.ts'
import { LEVELS, type Level } from './subject.ts'
import { GIVEN_WORDS, type RuleTest, testProblems } from './test-words.ts'

const FIELDS = [
  ...['rule', 'version', 'title', 'why', 'mode', 'priority', 'safety', 'subject', 'platforms'],
  ...['reads', 'when', 'then', 'limits', 'enforcement', 'tests'],
]
const MOST_READS = 20
const MOST_CHARACTERS = 64_000
const HOUR_US = 3_600_000_000
const LONGEST_COOLDOWN_HOURS = 24 * 90
const MOST_DAYS = 35

/** What is wrong with a rule, by path, while it is read. */
class Problems {
  readonly all: string[] = []
  add(path: string, why: string): void {
    this.all.push(`/${path} ${why}`)
  }
  /** Names that there are not. */
  odd(tree: Tree, known: readonly string[], path = ''): void {
    for (const name of Object.keys(tree))
      if (!known.includes(name))
        this.add(`${path}${name}`, `is no field${didYouMean(name, known)}; there are: ${known.join(', ')}`)
  }
}

/**
 * A rule, as an object or as text in YAML or JSON.
 * @param where for the error: `pause-loser.yaml`
 * @throws RECORD_INVALID: everything that is wrong with it, by path
 */
export function parseRule(input: unknown, where: string): Rule {
  const said = typeof input === 'string' ? fromText(input, where) : input
  if (!isTree(said))
    throw invalid(where, ['it is no rule: a rule is an object with rule, version, subject, when, then'])
  const problems = new Problems()
  problems.odd(said, FIELDS)
  const subject = oneOf(said, 'subject', LEVELS, problems, { 'ad set': 'adset' }) ?? 'campaign'
  const reads = readsOf(said.reads, subject as Level, problems)
  const rule: Omit<Rule, 'hash'> = {
    id: idOf(said.rule, problems),
    version: whole(said, 'version', 1, 1_000_000_000, null, problems),
    title: textOf(said, 'title', problems),
    why: textOf(said, 'why', problems),
    mode: (oneOf(said, 'mode', RULE_MODES, problems) ?? 'off') as RuleMode,
    priority: whole(said, 'priority', -1000, 1000, 0, problems),
    safety: said.safety === undefined ? false : truth(said.safety, 'safety', problems),
    subject: subject as Level,
    platforms: platformsOf(said.platforms, problems),
    reads,
    when: whenOf(said.when, reads, problems),
    proposes: thenOf(said.then, subject as Level, reads, problems),
    ...limitsOf(said.limits, problems),
    overrides: overridesOf(said.enforcement, problems),
    tests: testsOf(said.tests, reads, problems),
  }
  if (problems.all.length > 0) throw invalid(where, problems.all)
  return { ...rule, hash: hashOf(said, where) }
}

/** Of what its author wrote: fields that a later release adds change no rule. */
function hashOf({ tests: _, ...said }: Tree, where: string): string {
  try {
    return createHash('sha256')
      .update(`stratum.rule.v1\n${canonical(said)}`)
      .digest('hex')
  } catch (cause) {
    throw invalid(where, [messageOf(cause)])
  }
}

export const ruleHash = ({ hash }: Rule): string => hash

const invalid = (where: string, problems: readonly string[]) =>
  new StratumError('RECORD_INVALID', `${where}: ${problems.join('; ')}`, { details: problems })

function fromText(text: string, where: string): unknown {
  if (text.length > MOST_CHARACTERS)
    throw invalid(where, [`it has ${text.length} characters; ${MOST_CHARACTERS} are the most`])
  const document = parseDocument(text, { prettyErrors: false })
  const [error] = document.errors
  if (error)
    throw invalid(where, [`line ${text.slice(0, error.pos[0]).split('\n').length}: ${error.message}`])
  try {
    // Aliases that multiply themselves are a bomb.
    return document.toJS({ maxAliasCount: 10 })
  } catch (cause) {
    throw invalid(where, [messageOf(cause)])
  }
}

function idOf(value: unknown, problems: Problems): string {
  if (typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,63}$/.test(value)) return value
  problems.add('rule', 'is its name: small letters, digits and -, 64 at most')
  return ''
}

function whole(
  tree: Tree,
  name: string,
  least: number,
  most: number,
  standard: number | null,
  problems: Problems,
): number {
  const value = tree[name] ?? standard
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most)
    return value as number
  problems.add(name, `is a whole number from ${least} to ${most}`)
  return least
}

function truth(value: unknown, path: string, problems: Problems): boolean {
  if (typeof value !== 'boolean') problems.add(path, 'is true or false')
  return value === true
}

function textOf(tree: Tree, name: string, problems: Problems): string | null {
  const value = tree[name] ?? null
  if (value === null) return null
  if (typeof value === 'string' && value.length <= 1000) return value
  problems.add(name, 'is a text of 1000 characters at most')
  return null
}

function oneOf(
  tree: Tree,
  name: string,
  known: readonly string[],
  problems: Problems,
  alias: Readonly<Record<string, string>> = {},
): string | null {
  const value = tree[name]
  const meant = typeof value === 'string' && Object.hasOwn(alias, value) ? alias[value]! : value
  // YAML has `off` for false.
  const word = meant === false && known.includes('off') ? 'off' : meant
  if (typeof word === 'string' && known.includes(word)) return word
  const near = typeof word === 'string' ? didYouMean(word, known) : ''
  problems.add(name, `is one of ${known.join(', ')}${near}`)
  return null
}

function platformsOf(value: unknown, problems: Problems): readonly Platform[] | null {
  if (value === undefined || value === null) return null
  const all = Array.isArray(value) ? (value as unknown[]) : []
  const known = all.filter((one): one is Platform => (PLATFORMS as readonly unknown[]).includes(one))
  if (all.length === 0 || known.length < all.length)
    problems.add('platforms', `is a list of ${PLATFORMS.join(', ')}`)
  return [...new Set(known)]
}

function readsOf(value: unknown, subject: Level, problems: Problems): Read[] {
  if (value === undefined) return []
  if (!isTree(value)) {
    problems.add('reads', 'names what the condition reads: roas: { metric: roas, over: 7 settled days }')
    return []
  }
  if (Object.keys(value).length > MOST_READS) problems.add('reads', `has more than ${MOST_READS} entries`)
  const reads: Read[] = []
  for (const [name, said] of Object.entries(value)) {
    const path = `reads/${name}`
    if (!/^[a-z][a-z0-9_]{0,39}$/.test(name) || WORDS.has(name))
      problems.add(path, 'is a name of small letters, digits and _ that is no word of conditions or tests')
    else if (isStanding(name) && isTree(said) && said.metric !== name)
      problems.add(path, `is the name of what the entity has set: read ${name}, or take another name`)
    if (!isTree(said)) {
      problems.add(path, 'is { metric, over }')
      continue
    }
    problems.odd(said, ['metric', 'over', 'of'], `${path}/`)
    const known = [...Object.keys(METRICS), ...STANDING, ...OFFERED]
    const metric = oneOf(said, 'metric', known, new Problems()) ?? ''
    if (metric === '')
      problems.add(`${path}/metric`, `is one of ${known.join(', ')}${didYouMean(String(said.metric), known)}`)
    const of = said.of ?? 'self'
    if (of !== 'self' && of !== 'account' && of !== 'platform')
      problems.add(`${path}/of`, 'is account or platform; left out: its own')
    if (isOffered(metric) && (of !== 'self' || subject !== 'campaign'))
      problems.add(`${path}/metric`, `${metric} is of the campaign itself, for rules about campaigns`)
    reads.push({ name, metric, over: overOf(said.over, metric, path, problems), of: of as Read['of'] })
  }
  return reads
}

const WORDS = new Set([
  ...['and', 'or', 'not', 'xor', 'to', 'in', 'mod', 'true', 'false', 'null', 'undefined', 'end'],
  ...Object.keys(FUNCTIONS),
  ...GIVEN_WORDS.filter(word => !isStanding(word)),
])

function overOf(value: unknown, metric: string, path: string, problems: Problems): Window | null {
  if (isStanding(metric) || isOffered(metric)) {
    if (value !== undefined) problems.add(`${path}/over`, `is nothing for ${metric}: it is as it stands`)
    return null
  }
  const found = typeof value === 'string' ? /^(\d{1,2}) (settled )?days?$/.exec(value) : null
  if (value === 'today') return { kind: 'today', days: 1 }
  const days = Number(found?.[1])
  if (found && days >= 1 && days <= MOST_DAYS) return { kind: found[2] ? 'settled' : 'complete', days }
  problems.add(`${path}/over`, `is "7 settled days", "7 days" (1 to ${MOST_DAYS}) or "today"`)
  return null
}

function whenOf(value: unknown, reads: readonly Read[], problems: Problems): Rule['when'] {
  const nothing = { text: '', condition: { op: 'number', value: 0 } } as const
  if (typeof value !== 'string') {
    problems.add('when', 'is its condition: roas < 0.8 and spend > 500')
    return nothing
  }
  try {
    return {
      text: value,
      condition: parseCondition(
        value,
        reads.map(({ name }) => name),
      ),
    }
  } catch (error) {
    problems.add('when', `cannot be used: ${messageOf(error)}`)
    return nothing
  }
}

const LEVELS_OF: Readonly<Record<string, readonly Level[]>> = {
  BUDGET: ['campaign', 'adset'],
  BID: ['adset'],
  CAMPAIGN: ['campaign'],
  ADSET: ['adset'],
  CREATIVE: ['ad'],
}

function thenOf(value: unknown, subject: Level, reads: readonly Read[], problems: Problems): Proposes {
  const nothing: Proposes = { action: 'CAMPAIGN_PAUSE', by: null, to_micros: null, to_read: null }
  if (!isTree(value)) {
    problems.add('then', 'is what it proposes: { action: BUDGET_INCREASE, by: 20% }')
    return nothing
  }
  problems.odd(value, ['action', 'by', 'to'], 'then/')
  const found = new Problems()
  const action = oneOf(value, 'action', ACTION_TYPES, found) as ActionType | null
  if (action === null) {
    problems.add('then/action', `is one of ${ACTION_TYPES.join(', ')}`)
    return nothing
  }
  const levels = LEVELS_OF[action.split('_')[0]!]!
  if (!levels.includes(subject))
    problems.add('then/action', `${action} is for ${levels.join(' or ')}, not for ${subject}`)
  const isAmount = action.startsWith('BUDGET') || action.startsWith('BID')
  const { by, to } = value
  if (!isAmount) {
    if (by !== undefined || to !== undefined) problems.add('then', `${action} takes no amount`)
    return { action, by: null, to_micros: null, to_read: null }
  }
  const isRead = typeof to === 'string'
  if (isRead && !reads.some(({ name, metric }) => name === to && metric !== '' && isMoney(metric)))
    problems.add('then/to', 'is an amount above 0, or the name of a read that is an amount of money')
  if ((by === undefined) === (to === undefined))
    problems.add('then', 'has by (20%) or to (an amount, or the name of a read), one of them')
  return {
    action,
    by: by === undefined ? null : shareOf(by, action, problems),
    to_micros: to === undefined || isRead ? null : amountOf(to, problems),
    to_read: isRead ? to : null,
  }
}

function shareOf(by: unknown, action: ActionType, problems: Problems): number {
  const percent = typeof by === 'string' ? /^(\d{1,3}(?:\.\d{1,4})?) ?%$/.exec(by)?.[1] : undefined
  const share = Number(percent) / 100
  const isMore = action.endsWith('_INCREASE')
  const isRight = percent !== undefined && share > 0 && (isMore ? share <= 1 : share < 1)
  if (!isRight)
    problems.add('then/by', isMore ? 'is above 0% and 100% at most' : 'is above 0% and below 100%')
  return isRight ? (isMore ? share : -share) : 0
}

function amountOf(to: unknown, problems: Problems): number {
  const micros = typeof to === 'number' ? Math.round(to * 1e6) : Number.NaN
  if (micros > 0 && Number.isSafeInteger(micros)) return micros
  problems.add('then/to', "is an amount in the account's currency, above 0")
  return 1
}

function limitsOf(value: unknown, problems: Problems): Pick<Rule, 'cooldown_us' | 'canary'> {
  const limits = value === undefined ? {} : value
  if (!isTree(limits)) {
    problems.add('limits', 'is { cooldown: 72h, canary: 10% }')
    return { cooldown_us: 24 * HOUR_US, canary: null }
  }
  problems.odd(limits, ['cooldown', 'canary'], 'limits/')
  const { cooldown = '24h', canary } = limits
  const found = typeof cooldown === 'string' ? /^(\d{1,5}) ?(m|h|d)$/.exec(cooldown) : null
  const hours = Number(found?.[1]) * ({ m: 1 / 60, h: 1, d: 24 }[found?.[2] ?? 'h'] ?? 1)
  if (!found || hours > LONGEST_COOLDOWN_HOURS)
    problems.add('limits/cooldown', 'is 30m, 72h or 3d, 90 days at most')
  const percent = typeof canary === 'string' ? /^(\d{1,3}(?:\.\d+)?) ?%$/.exec(canary)?.[1] : undefined
  if (canary !== undefined && !(Number(percent) > 0 && Number(percent) <= 100))
    problems.add('limits/canary', 'is a share: 10%')
  return {
    cooldown_us: found ? Math.round(hours * HOUR_US) : 0,
    canary: percent === undefined ? null : Number(percent) / 100,
  }
}

const MODES = ['ADVISORY', 'SOFT_BLOCK', 'HARD_BLOCK']
const VIOLATIONS = [
  ...['BUDGET_EXCEEDED', 'ROAS_BELOW_THRESHOLD', 'DAILY_SPEND_LIMIT', 'CAMPAIGN_PAUSE_REQUIRED'],
  'FREQUENCY_CAP_EXCEEDED',
]

function overridesOf(value: unknown, problems: Problems): Readonly<Record<string, string>> {
  if (value === undefined) return {}
  if (!isTree(value)) {
    problems.add('enforcement', 'has a mode by type of violation: { ROAS_BELOW_THRESHOLD: ADVISORY }')
    return {}
  }
  problems.odd(value, VIOLATIONS, 'enforcement/')
  for (const [name, mode] of Object.entries(value))
    if (!MODES.includes(mode as string)) problems.add(`enforcement/${name}`, `is one of ${MODES.join(', ')}`)
  return value as Readonly<Record<string, string>>
}

function testsOf(value: unknown, reads: readonly Read[], problems: Problems): readonly RuleTest[] {
  if (value === undefined) return []
  const found = testProblems(
    value,
    reads.map(({ name }) => name),
  )
  for (const { path, why } of found) problems.add(path, why)
  return found.length > 0 ? [] : (value as readonly RuleTest[])
}
