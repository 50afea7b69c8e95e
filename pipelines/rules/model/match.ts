import { recorded } from '../../recorded.ts'
import type { Platform } from '../../signals/platform.ts'
import type { ActionType } from '../../trust/model/actions.ts'
import { type Scope, scopeOf } from '../../trust/model/gate/evidence.ts'
import { type Compiled, compile } from './expression/compile.ts'
import { isStanding, type Quantity, type Read, rangeOf, quantityOf } from './read.ts'
import type { Proposes, Rule, RuleMode } from './rule.ts'
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
  readonly inputs: Float64Array
}

/** The rules of one level, with every number that any of them reads once. */
interface OfLevel {
  readonly reads: Read[]
  readonly byPlatform: Map<Platform | null, Ready[]>
}

/** A tenant's rules, ready to be looked at for subject after subject. */
export class RuleSet {
  readonly #levels = new Map<Level, OfLevel>()

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) if (rule.mode !== 'off') this.#add(rule)
  }

  #add(rule: Rule): void {
    const level = this.#levels.get(rule.subject) ?? { reads: [], byPlatform: new Map() }
    this.#levels.set(rule.subject, level)
    const columns = rule.reads.map(read => columnOf(level.reads, read))
    const inputs = new Float64Array(columns.length)
    const ready = { rule, compiled: compile(rule.when.condition), columns, inputs }
    for (const platform of rule.platforms ?? [null]) {
      const known = level.byPlatform.get(platform)
      if (known) known.push(ready)
      else level.byPlatform.set(platform, [ready])
    }
  }

  /** The rules that match a subject, in the order in which they were given. What is unknown matches nothing. */
  evaluate(view: SubjectView, parents: Parents): Match[] {
    const level = this.#levels.get(view.subject.level)
    if (!level) return []
    const values: (Quantity | undefined)[] = level.reads.map(read =>
      quantityOf(read, whose(read, view, parents)),
    )
    const numbers = Float64Array.from(values, value => value?.value ?? Number.NaN)
    const matches: Match[] = []
    for (const platform of [null, view.subject.platform])
      for (const { rule, compiled, columns, inputs } of level.byPlatform.get(platform) ?? []) {
        for (let i = 0; i < columns.length; i++) inputs[i] = numbers[columns[i]!]!
        if (compiled(inputs) !== 1) continue
        const proposal = proposalOf(rule.proposes, view)
        if (proposal === 'nothing to do') continue
        const evidence = rule.reads.map((read, i) =>
          evidenceOf(read, values[columns[i]!]!, whose(read, view, parents)),
        )
        matches.push(matchOf(rule, view.subject, proposal, evidence))
      }
    return matches
  }
}

const whose = ({ of }: Read, view: SubjectView, { account, platform }: Parents): SubjectView | null =>
  of === 'self' ? view : of === 'account' ? account : platform

const isSame = (a: Read, b: Read): boolean =>
  a.metric === b.metric && a.of === b.of && a.over?.kind === b.over?.kind && a.over?.days === b.over?.days

function columnOf(reads: Read[], read: Read): number {
  const at = reads.findIndex(known => isSame(known, read))
  return at >= 0 ? at : reads.push(read) - 1
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

function matchOf(
  rule: Rule,
  subject: Subject,
  proposal: Proposal | null,
  evidence: readonly Evidence[],
): Match {
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
  { action, by, to_micros }: Proposes,
  view: SubjectView,
): Proposal | null | 'nothing to do' {
  if (action.endsWith('_PAUSE') || action.endsWith('_ENABLE')) {
    const after = action.endsWith('_PAUSE') ? 'PAUSED' : 'ACTIVE'
    if (view.status === null) return null
    const from = after === 'PAUSED' ? 'ACTIVE' : 'PAUSED'
    if (view.status !== from) return 'nothing to do'
    return { type: action, field: 'status', before: from, after, currency: view.currency }
  }
  const field = action.startsWith('BUDGET') ? 'budget' : 'bid'
  const before = field === 'budget' ? view.budget_micros : view.bid_micros
  if (before === null || view.currency === null) return null
  const after = to_micros ?? Math.round(recorded(before * (1 + (by ?? 0))))
  const isMore = action.endsWith('_INCREASE')
  if (isMore ? after <= before : after >= before) return 'nothing to do'
  return { type: action, field, before, after, currency: view.currency }
}
