import { recorded } from '../../recorded.ts'
import type { Platform } from '../../signals/platform.ts'
import type { ActionType } from '../../trust/model/actions.ts'
import { type Scope, scopeOf } from '../../trust/model/gate/evidence.ts'
import { type Compiled, compile } from './expression/compile.ts'
import { isMoney, isStanding, type Quantity, quantityOf, type Read, rangeOf, UNKNOWN } from './read.ts'
import type { Rule, RuleMode } from './rule.ts'
import { entityOf, type Level, type Subject, type SubjectView } from './subject.ts'

/** A number a rule went by, and what it came from. Money is in major units of the account's currency. */
export interface Evidence extends Quantity {
  readonly name: string
  readonly metric: string
  readonly of: Read['of']
  /** Null: of the entity as it stands. */
  readonly window: { readonly from: string; readonly to: string; readonly kind: string } | null
  /** UTC microseconds; null: its platform never said anything. */
  readonly watermark: number | null
  /** On the tenant's facts. */
  readonly offset: number | null
}

/** What a rule would change. */
export interface Proposal {
  readonly type: ActionType
  readonly field: 'status' | 'budget' | 'bid'
  /** Micros or a status; null: it is not known, and nothing can be proposed. */
  readonly before: number | string | null
  readonly after: number | string
  readonly currency: string | null
}

export interface Match {
  readonly rule: { readonly id: string; readonly version: number; readonly hash: string }
  readonly mode: RuleMode
  readonly priority: number
  readonly safety: boolean
  readonly cooldown_us: number
  readonly overrides: Readonly<Record<string, string>>
  readonly scope: Scope
  readonly subject: Subject
  readonly entity: string
  /** Null: the present value is not known. */
  readonly proposal: Proposal | null
  readonly evidence: readonly Evidence[]
}

/** Whose figures a subject can be compared with. */
export interface Parents {
  readonly account: SubjectView | null
  readonly platform: SubjectView | null
}

interface Ready {
  readonly rule: Rule
  readonly compiled: Compiled
  /** Where its inputs are among the columns, in the order of its reads. */
  readonly columns: readonly number[]
}

/** The rules of one level, with every number that any of them reads once. */
interface OfLevel {
  readonly columns: Map<string, { readonly read: Read; readonly at: number }>
  readonly byPlatform: Map<Platform | null, Ready[]>
}

/** A tenant's rules, ready to be looked at for subject after subject. */
export class RuleSet {
  readonly #rules: ReadonlyMap<string, Rule>
  readonly #levels = new Map<Level, OfLevel>()

  /** @param rules of several with one id the last is in force */
  constructor(rules: Iterable<Rule>) {
    this.#rules = new Map(Array.from(rules, rule => [rule.id, rule]))
    // Whatever way they came to be here, they match in one order.
    const sorted = [...this.#rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
    for (const rule of sorted) if (rule.mode !== 'off') this.#add(rule)
  }

  with(rule: Rule): RuleSet {
    return new RuleSet([...this.#rules.values(), rule])
  }

  without(id: string): RuleSet {
    return new RuleSet([...this.#rules.values()].filter(rule => rule.id !== id))
  }

  #add(rule: Rule): void {
    const level = this.#levels.get(rule.subject) ?? { columns: new Map(), byPlatform: new Map() }
    this.#levels.set(rule.subject, level)
    const columns = rule.reads.map(read => columnOf(level.columns, read))
    const ready = { rule, compiled: compile(rule.when.condition, columns), columns }
    for (const platform of rule.platforms ?? [null]) {
      const known = level.byPlatform.get(platform)
      if (known) known.push(ready)
      else level.byPlatform.set(platform, [ready])
    }
  }

  /** The rules that match a subject, in the order of their ids. What is unknown matches nothing. */
  evaluate(view: SubjectView, parents: Parents): Match[] {
    const level = this.#levels.get(view.subject.level)
    if (!level) return []
    const values = Array.from(level.columns.values(), ({ read }) => valueFor(read, view, parents))
    const numbers = Float64Array.from(values, ({ value }) => value ?? Number.NaN)
    const matches: Match[] = []
    for (const platform of [null, view.subject.platform])
      for (const { rule, compiled, columns } of level.byPlatform.get(platform) ?? []) {
        if (compiled(numbers) !== 1) continue
        const match = matchOf(
          rule,
          view,
          parents,
          columns.map(at => values[at]!),
        )
        if (match !== null) matches.push(match)
      }
    return matches
  }
}

const whose = ({ of }: Read, view: SubjectView, { account, platform }: Parents): SubjectView | null =>
  of === 'self' ? view : of === 'account' ? account : platform

/** Amounts of another currency are not known in this one. */
function valueFor(read: Read, view: SubjectView, parents: Parents): Quantity {
  const of = whose(read, view, parents)
  return of !== null && of.currency !== view.currency && isMoney(read.metric) ? UNKNOWN : quantityOf(read, of)
}

function columnOf(columns: OfLevel['columns'], read: Read): number {
  const { metric, of, over } = read
  const key = [metric, of, over?.kind, over?.days].join(' ')
  const known = columns.get(key)
  if (known) return known.at
  const at = columns.size
  columns.set(key, { read, at })
  return at
}

function evidenceOf(read: Read, value: Quantity, view: SubjectView | null): Evidence {
  const { name, metric, of, over } = read
  return {
    name,
    metric,
    of,
    window: over === null || view === null ? null : { ...rangeOf(over, view.today), kind: over.kind },
    ...value,
    watermark: view?.watermark ?? null,
    offset: view?.offset ?? null,
  }
}

/**
 * What comes of a rule whose condition holds. Null: there is nothing to do, or of all that it reads nothing is known:
 * that nothing is known is no reason to act.
 * @param values of its reads, in their order
 */
export function matchOf(
  rule: Rule,
  view: SubjectView,
  parents: Parents,
  values: readonly Quantity[],
): Match | null {
  if (values.length > 0 && values.every(({ value }) => value === null)) return null
  const proposal = proposalOf(rule, view, values)
  if (proposal === 'nothing to do') return null
  const { subject } = view
  const evidence = rule.reads.map((read, i) => evidenceOf(read, values[i]!, whose(read, view, parents)))
  const { id, version, hash, mode, priority, safety, cooldown_us, overrides, reads } = rule
  // What an entity has set says nothing of the data; a rule that reads nothing else rests on all of it.
  const metrics = reads.filter(({ metric }) => !isStanding(metric)).map(({ metric }) => metric)
  return {
    rule: { id, version, hash },
    mode,
    priority,
    safety,
    cooldown_us,
    overrides,
    scope: scopeOf(metrics.length === 0 ? null : metrics),
    subject,
    entity: entityOf(subject),
    proposal,
    evidence,
  }
}

/** What a rule would change of a subject as it stands. */
function proposalOf(
  { proposes, reads }: Rule,
  view: SubjectView,
  values: readonly Quantity[],
): Proposal | null | 'nothing to do' {
  const { action, by, to_read } = proposes
  if (action.endsWith('_PAUSE') || action.endsWith('_ENABLE')) {
    const after = action.endsWith('_PAUSE') ? 'PAUSED' : 'ACTIVE'
    if (view.status === null) return null
    const from = after === 'PAUSED' ? 'ACTIVE' : 'PAUSED'
    if (view.status !== from) return 'nothing to do'
    return { type: action, field: 'status', before: from, after, currency: view.currency }
  }
  // What stands still spends nothing, whatever its budget is.
  if (view.status === 'PAUSED' || view.status === 'REMOVED') return 'nothing to do'
  const field = action.startsWith('BUDGET') ? 'budget' : 'bid'
  const before = field === 'budget' ? view.budget_micros : view.bid_micros
  if (before === null || view.currency === null) return null
  const read =
    to_read === null ? null : (values[reads.findIndex(({ name }) => name === to_read)]?.value ?? null)
  // What it would be set to is not known.
  if (to_read !== null && read === null) return null
  const to_micros = read === null ? proposes.to_micros : Math.round(read * 1e6)
  const after = to_micros ?? Math.round(recorded(before * (1 + (by ?? 0))))
  if (after <= 0) return 'nothing to do'
  if (!Number.isSafeInteger(after)) return null
  const isMore = action.endsWith('_INCREASE')
  if (isMore ? after <= before : after >= before) return 'nothing to do'
  return { type: action, field, before, after, currency: view.currency }
}
