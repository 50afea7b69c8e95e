import { check } from '../../engine/config/index.ts'
import { messageOf, StratumError } from '../../engine/errors.ts'
import type { JsonSchema } from '../../engine/source/port.ts'
import { array, boolean, nullable, number, object, optional, string } from '../../plugins/schema.ts'
import { factsOfGiven } from '../autopilot/given.ts'
import { checkAutopilotSettings } from '../autopilot/settings/check.ts'
import { ROLES } from '../roles.ts'
import { METRICS } from '../rules/model/read.ts'
import { RULE_MODES, type Rule } from '../rules/model/rule.ts'
import { ENTITY_WORDS } from '../rules/model/test-words.ts'
import { PLATFORMS } from '../signals/platform.ts'
import { isTree, type Tree } from '../tree.ts'
import type { Situation } from './model/situation.ts'
import type { Wrong } from './model/wrong.ts'

const score = (title: string) => nullable(number({ minimum: 0, maximum: 100, default: 100, title }))
const tree = (title: string): JsonSchema => ({ type: 'object', title })

/** What a test says there is, beside figures (`autopilot/given.ts`): what it leaves out is as it is on a good day. */
const WORDS = {
  trust: object(
    {
      emq: score('Match quality'),
      freshness: score('Freshness'),
      variance: score('Variance'),
      anomaly: score('Anomaly'),
      spend_freshness: optional(
        nullable(number({ minimum: 0, maximum: 100, title: 'Of the spend report alone' })),
      ),
      spend_anomaly: optional(nullable(number({ minimum: 0, maximum: 100, title: 'Of spend alone' }))),
    },
    { default: {} },
  ),
  kill_switch: { type: ['boolean', 'null'], default: false, title: 'Engaged; null: not known' } as JsonSchema,
  connection: { type: ['string', 'null'], default: 'CONNECTED' } as JsonSchema,
  breaker: string({ enum: ['CLOSED', 'HALF_OPEN', 'OPEN'], default: 'CLOSED' }),
  evaluation_age_minutes: number({ minimum: 0, maximum: 1e6, default: 0 }),
  account: tree('Figures of the account'),
  entity: tree('Figures of the entity'),
  settings: tree('Settings of the autopilot, over those of the policy'),
  mode: string({ enum: RULE_MODES }),
  actor: string({ enum: ['rule', 'person'], default: 'rule' }),
  role: string({ enum: ROLES }),
  confirmed: boolean({ default: false, title: 'A person has confirmed what is blocked softly' }),
  reverts: boolean({ default: false, title: 'It takes one of our actions back' }),
  open_action: boolean({ default: false, title: 'An action of its kind is open on the entity' }),
  queue_full: boolean({ default: false }),
}
const OPTIONAL = new Set(['account', 'entity', 'settings', 'mode', 'role', 'proposal', 'reads'])

const ofPolicy = {
  ...WORDS,
  proposal: tree('What would be done: { action, to }'),
  reads: array(string({ enum: Object.keys(METRICS) }), { title: 'What it rests on; left out: everything' }),
}

/** Of a rule: the names under which it reads, and how its entity stands; what it proposes is its own. */
const ofRule = (rule: Rule) => {
  const amount = { type: ['number', 'null'], minimum: -1e9, maximum: 1e12 } as JsonSchema
  const numbers = [...rule.reads.map(({ name }) => name), 'budget', 'budget_at_midnight', 'bid']
  return {
    ...WORDS,
    ...Object.fromEntries(numbers.map(name => [name, amount])),
    status: { type: ['string', 'null'], enum: ['ACTIVE', 'PAUSED', 'REMOVED', 'OTHER', null] } as JsonSchema,
    currency: string({ pattern: '^[A-Z]{3}$' }),
    platform: string({ enum: PLATFORMS }),
  }
}

const schemas = new Map<string, JsonSchema>()

function schemaFor(rule: Rule | null): JsonSchema {
  const key = rule === null ? '' : JSON.stringify(rule.reads.map(({ name }) => name))
  let found = schemas.get(key)
  if (found === undefined) {
    const properties: Readonly<Record<string, JsonSchema>> = rule === null ? ofPolicy : ofRule(rule)
    found = object(
      Object.fromEntries(
        Object.entries(properties).map(([name, inner]) => [
          name,
          'default' in inner && !OPTIONAL.has(name) ? inner : optional(inner),
        ]),
      ),
    )
    if (schemas.size >= 500) schemas.clear()
    schemas.set(key, found)
  }
  return found
}

/**
 * What a case gives, all merged, as what it is decided from; and everything that is wrong with it.
 * @param now UTC microseconds: the days of its figures are reckoned from it
 * @param policy settings of the autopilot that its file names
 */
export function situationOf(
  given: Tree,
  rule: Rule | null,
  policy: Tree,
  now: number,
): { readonly situation: Situation } | { readonly wrong: readonly Wrong[] } {
  const { value, problems } = check(schemaFor(rule), given, 'given')
  if (problems.length > 0) return { wrong: problems.map(({ text }) => split(text)) }
  const said = value as Omit<Situation, 'settings' | 'figures' | 'rule' | 'given'> & Tree
  // What would run by itself is the question: only who says otherwise has people approve.
  const settings = { auto_approve: true, ...policy, ...(isTree(given.settings) ? given.settings : {}) }
  const wrong = checkAutopilotSettings(settings).problems.map(({ text }) => under('/settings', split(text)))
  if (wrong.length > 0) return { wrong }
  const figures = figuresOf(given, rule)
  try {
    factsOfGiven(figures, now)
  } catch (error) {
    const lines =
      error instanceof StratumError && error.details.length > 0 ? error.details : [messageOf(error)]
    return { wrong: lines.map(line => split(line.replace(/^given: /, ''))) }
  }
  return { situation: { ...said, settings: JSON.stringify(settings), figures, rule, given } }
}

/** `/entity/budgt is not a setting` as where and what. */
export function split(text: string): Wrong {
  const found = /^(\/\S*) (.*)$/s.exec(text)
  return found === null
    ? { path: '', reason: text }
    : { path: found[1] === '/' ? '' : found[1]!, reason: found[2]! }
}

export const under = (path: string, wrong: Wrong): Wrong => ({
  path: path + wrong.path,
  reason: wrong.reason,
})

const IDS: Readonly<Record<string, string>> = { campaign: 'a1:c1', adset: 'a1:c1:s1', ad: 'a1:c1:s1:d1' }
/** Figures of settled days that a rule reads, and limits look at too. */
const SHARED = ['spend', 'revenue', 'conversions', 'roas']

/** Figures of account and entity: of a rule's test, what it gives by the names of reads is said of the entity as well. */
function figuresOf(given: Tree, rule: Rule | null): Tree {
  const { account, entity, proposal } = given
  const parts = { ...(account === undefined ? {} : { account }), ...(entity === undefined ? {} : { entity }) }
  if (rule === null) return proposal === undefined ? parts : { ...parts, proposal }
  const own = isTree(entity) ? entity : {}
  const platform = given.platform ?? rule.platforms?.[0] ?? PLATFORMS[0]
  const said: Record<string, unknown> = { id: `${String(platform)}:${IDS[rule.subject] ?? IDS.campaign}` }
  for (const name of ENTITY_WORDS)
    if (['budget', 'budget_at_midnight', 'bid'].includes(name) && typeof given[name] === 'number')
      said[name] = given[name]
  for (const { name, metric, of, over } of own.days === undefined ? rule.reads : []) {
    const isKnown = of === 'self' && over?.kind === 'settled' && SHARED.includes(metric)
    const twin = metric === 'roas' ? 'revenue' : metric === 'revenue' ? 'roas' : ''
    const value = given[name]
    if (isKnown && typeof value === 'number' && value >= 0 && !(twin in said) && !(twin in own))
      said[metric] = value
  }
  return {
    account: {
      ...(given.currency === undefined ? {} : { currency: given.currency }),
      ...(isTree(account) ? account : {}),
    },
    entity: { ...said, ...own },
  }
}
