import { factsOfGiven, type GivenFacts } from '../../autopilot/given.ts'
import { applied, emptyLedger, type Ledger, reserve } from '../../autopilot/model/blast/ledger.ts'
import { needOf, room } from '../../autopilot/model/blast/room.ts'
import { type Change, subjectOf } from '../../autopilot/model/change.ts'
import { type Decided, type DecideInputs, decideAction } from '../../autopilot/model/decide.ts'
import { autopilotSettings } from '../../autopilot/settings/policies.ts'
import type { Match } from '../../rules/model/match.ts'
import { matchOfGiven } from '../../rules/model/rule-test.ts'
import { ENTITY_WORDS } from '../../rules/model/test-words.ts'
import { isTree, type Tree } from '../../tree.ts'
import { riskClassOf } from '../../trust/model/actions.ts'
import { scopeOf } from '../../trust/model/gate/evidence.ts'
import { policyFor } from '../../trust/settings/policies.ts'
import { evaluated, type Gates, TICK_US } from './gate.ts'
import type { Situation } from './situation.ts'

/** What the steps of a case share: the gate as it came to be, and what was executed, which is applied at once. */
export interface Fold {
  /** JSON: settings of the trust engine. */
  readonly trust: string
  readonly start: number
  now: number
  nextTick: number
  gates: Gates
  readonly ledger: Ledger
  readonly cooldowns: Map<string, number>
  /** Values that were written, and what was given when they were: a test that gives another one is believed. */
  readonly written: Map<
    string,
    { readonly given: unknown; readonly before: unknown; readonly value: number | string }
  >
  readonly changedAt: Map<string, number>
  /** By account: days on which something was applied. */
  readonly changes: Map<string, string[]>
  /** When `hours_since_change` was said. */
  saidAt: number
  last: Situation
}

/** What was decided at a step; null: the rule proposes nothing. */
export type Step = { readonly change: Change | null; readonly decided: Decided; readonly gate: Gates } | null

/** @param start UTC microseconds: until then all has long been as the case gives it */
export function foldFrom(of: Situation, trust: string, start: number): Fold {
  const gates = evaluated(null, of, start, policyFor(1, trust))
  return {
    ...{ trust, start, now: start, nextTick: start + TICK_US, gates, saidAt: start, last: of },
    ledger: emptyLedger(),
    cooldowns: new Map(),
    written: new Map(),
    changedAt: new Map(),
    changes: new Map(),
  }
}

/** Time passes with a tick every five minutes, then what the step gives holds and is decided on. */
export function stepTo(fold: Fold, of: Situation, at: number, saysChange: boolean): Step {
  const policy = policyFor(1, fold.trust)
  for (; fold.nextTick < at; fold.nextTick += TICK_US)
    fold.gates = evaluated(fold.gates, fold.last, fold.nextTick, policy)
  if (fold.nextTick === at) fold.nextTick += TICK_US
  if (at > fold.start || of !== fold.last) fold.gates = evaluated(fold.gates, of, at, policy)
  if (saysChange) fold.saidAt = at
  fold.now = at
  fold.last = of
  return decideNow(fold, of)
}

function decideNow(fold: Fold, of: Situation): Step {
  const settings = autopilotSettings(1, of.settings)
  const given = withWritten(fold, of)
  const { facts, tenant, change: proposed } = factsNow(fold, given.figures)
  const match = of.rule === null ? null : matchOf(of.rule, given.given, of.figures)
  if (of.rule !== null && match === null) return null
  const change = match === null ? proposed : changeOf(match)
  const scope = match?.scope ?? scopeOf(of.reads ?? null)
  const risk = change === null ? 'risk_increasing' : riskClassOf(change.type)
  const rule = of.rule ?? {
    id: 'policy-test',
    version: 1,
    hash: '',
    overrides: {},
    mode: 'auto',
    cooldown_us: 0,
  }
  const pair = `${rule.id}|${facts.entity}`
  const isPerson = of.actor === 'person'
  const need = change === null ? null : needOf(change, facts)
  const inputs: DecideInputs = {
    v: 1,
    tenant: 'test',
    now: fold.now,
    rule: isPerson
      ? null
      : {
          ...{ id: rule.id, version: rule.version, hash: rule.hash, overrides: rule.overrides },
          mode: of.mode ?? (rule.mode === 'off' ? 'shadow' : rule.mode),
        },
    actor: { type: of.actor, id: 'test', role: isPerson ? (of.role ?? 'MANAGER') : 'SYSTEM' },
    subject: subjectOf(facts.entity)!,
    entity: facts.entity,
    cluster: facts.entity,
    change,
    evidence: match?.evidence ?? [],
    gate: { inputs: fold.gates[scope][risk].inputs, settings: { version: 1, text: fold.trust } },
    kill_switch: of.kill_switch,
    breaker: of.breaker,
    facts,
    settings: { version: 1, text: of.settings },
    blast: need === null ? null : room(fold.ledger, settings.blast_radius, tenant, need, fold.now),
    cooldown_until: isPerson ? null : (fold.cooldowns.get(pair) ?? null),
    open_action: of.open_action ? 'open' : null,
    is_full: of.queue_full,
    is_confirmed: of.confirmed,
    reverts: of.reverts ? 'reverted' : null,
  }
  const decided = decideAction(inputs)
  if (decided.outcome === 'EXECUTE' && change !== null && need !== null) {
    const id = `${fold.now}|${facts.entity}|${change.type}`
    if (!of.reverts) {
      reserve(fold.ledger, id, need, settings.blast_radius.window_hours, fold.now)
      applied(fold.ledger, id, fold.now)
    }
    if (!isPerson && rule.cooldown_us > 0) fold.cooldowns.set(pair, fold.now + rule.cooldown_us)
    write(fold, of, facts.entity, change)
    const account = `${facts.platform}:${facts.account_id}`
    fold.changes.set(account, [...(fold.changes.get(account) ?? []), facts.today])
    fold.changedAt.set(facts.entity, fold.now)
  }
  return { change, decided, gate: fold.gates }
}

/** Facts of what is given, after what was executed and with the time that has passed since. */
function factsNow(fold: Fold, figures: Tree): GivenFacts {
  const found = factsOfGiven(figures, fold.now)
  const { facts } = found
  const changed = facts.changed_at === null ? null : facts.changed_at - (fold.now - fold.saidAt)
  const ours = fold.changedAt.get(facts.entity) ?? null
  const today = (fold.changes.get(`${facts.platform}:${facts.account_id}`) ?? []).filter(
    day => day === facts.today,
  )
  return {
    ...found,
    facts: {
      ...facts,
      changed_at: ours === null ? changed : Math.max(ours, changed ?? ours),
      account: { ...facts.account, changes_today: facts.account.changes_today + today.length },
    },
  }
}

const FIELDS = ['status', 'budget', 'bid'] as const

/** What is given, with the values that were written in place of those they were written over. */
function withWritten(
  fold: Fold,
  { figures, given }: Situation,
): { readonly figures: Tree; readonly given: Tree } {
  const entity = isTree(figures.entity) ? figures.entity : {}
  const id = String(entity.id ?? 'meta:a1:c1')
  const over: Record<string, unknown> = {}
  for (const field of FIELDS) {
    const known = fold.written.get(`${id}|${field}`)
    const said = field === 'status' ? given.status : entity[field]
    if (known === undefined || known.given !== said) continue
    over[field] = known.value
    // The day has begun with what was there before.
    if (field === 'budget') over.budget_at_midnight = entity.budget_at_midnight ?? known.before
  }
  const { status, ...amounts } = over
  return {
    figures: { ...figures, entity: { ...entity, ...amounts } },
    given: { ...given, ...amounts, ...(status === undefined ? {} : { status }) },
  }
}

function write(
  fold: Fold,
  { figures, given }: Situation,
  id: string,
  { field, before, after }: Change,
): void {
  const entity = isTree(figures.entity) ? figures.entity : {}
  const [from, to] = [before, after].map(value => (typeof value === 'number' ? value / 1e6 : value))
  const said = field === 'status' ? given.status : entity[field]
  const known = fold.written.get(`${id}|${field}`)
  fold.written.set(`${id}|${field}`, {
    given: said,
    before: known?.given === said ? known?.before : from,
    value: to!,
  })
}

/** What the rule makes of it: it is given the words it knows. */
function matchOf(rule: NonNullable<Situation['rule']>, given: Tree, { entity }: Tree): Match | null {
  const known = [...rule.reads.map(({ name }) => name), ...ENTITY_WORDS]
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => known.includes(name)))
  // By metric too, as tests of a policy say it; the id is the case's own.
  return matchOfGiven(rule, {
    ...own,
    ...(isTree(given.entity) ? { entity: given.entity } : {}),
    ...platformOf(entity),
  })
}

const platformOf = (entity: unknown): Tree =>
  isTree(entity) && typeof entity.id === 'string' ? { platform: entity.id.split(':')[0] } : {}

function changeOf({ proposal }: Match): Change | null {
  if (proposal === null || proposal.before === null) return null
  const { type, field, before, after, currency } = proposal
  return { type, field, before, after, currency }
}
