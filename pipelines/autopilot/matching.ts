import { minorDigits } from '../../engine/currency.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import type { RuleMatched } from '../rules/kinds.ts'
import type { Match } from '../rules/model/match.ts'
import { riskClassOf } from '../trust/model/actions.ts'
import { type Asked, inputsOf, pairOf, record } from './deciding.ts'
import type { At } from './emit.ts'
import type { Action, OfRule } from './model/action.ts'
import { asChange } from './model/action.ts'
import { type Change, inUnits } from './model/change.ts'
import { decideAction } from './model/decide.ts'
import { u } from './model/draw.ts'
import { approve, dismiss, openAction, queue } from './moving.ts'
import type { AutopilotState } from './state.ts'

const DAY_US = 86_400_000_000

/**
 * All that matched by one record, decided in their order: what protects first, then by the rules' priority, then by a
 * draw, so that no campaign is always first. Source: autopilot.md §0.
 */
export function decideMatches(
  state: AutopilotState,
  matched: readonly RuleMatched[],
  at: At,
  ctx: StageContext,
): void {
  const order = matched
    .map(one => ({ one, risk: risk(one.match), priority: one.match.priority, draw: drawOf(state, one, at) }))
    .sort((a, b) => a.risk - b.risk || b.priority - a.priority || a.draw - b.draw)
  for (const { one } of order) decideMatch(state, one, at, ctx)
}

const risk = ({ proposal }: Match): number =>
  proposal === null || riskClassOf(proposal.type) === 'risk_increasing' ? 1 : 0

const drawOf = (state: AutopilotState, { match }: RuleMatched, { tenant_id }: At): number =>
  u(`order|${tenant_id}|${state.now}|${match.rule.id}|${match.entity}`)

function decideMatch(
  state: AutopilotState,
  { match, view, event_id }: RuleMatched,
  at: At,
  ctx: StageContext,
): void {
  const rule = ruleOf(match)
  const change = changeOf(match)
  if (change === 'nothing to do') return
  const open = change === null ? undefined : openAction(state, { entity: match.entity, type: change.type })
  const own = open !== undefined && isOwn(open, rule) ? open : undefined
  if (own !== undefined && !isStill(own, rule, change!)) {
    dismiss(
      state,
      own,
      'SUPERSEDED',
      'system',
      at,
      ctx,
      `by version ${rule.version} of its rule, or another value`,
    )
    return decideMatch(state, { match, view, event_id } as RuleMatched, at, ctx)
  }
  const asked: Asked = {
    view,
    change,
    scope: match.scope,
    evidence: match.evidence,
    rule,
    actor: { type: 'rule', id: `rule:${rule.id}`, role: 'SYSTEM' },
    // What a rule has queued itself is decided again, not another one.
    open_action: own === undefined ? (open?.id ?? null) : null,
    ...(own === undefined ? {} : { action_id: own.id }),
  }
  const inputs = inputsOf(state, at.tenant_id, asked, state.now)
  const decided = decideAction(inputs)
  const pair = pairOf(rule.id, match.entity)
  const what = [
    rule.version,
    change?.after ?? '',
    own === undefined ? (open?.id ?? '') : '',
    ...decided.causes,
  ].join(' ')
  const said = state.said[pair]
  // What is decided as before, of the same thing, was written down: once a day it is again.
  if (said?.what === what && state.now - said.at < DAY_US && decided.outcome !== 'EXECUTE') return
  const recorded = record(state, inputs, decided, asked, { ...at, event_id }, ctx)
  state.said[pair] = { what, at: state.now }
  const { action_id, decision_id } = recorded
  if (action_id === null || change === null) return
  const action =
    own ??
    queue(
      state,
      {
        id: action_id,
        view,
        change,
        origin: 'rule',
        rule,
        scope: match.scope,
        by: asked.actor.id,
        decision_id,
      },
      at,
      ctx,
    )
  if (decided.outcome === 'SHADOW' || decided.outcome === 'HOLDOUT')
    dismiss(state, action, decided.outcome, 'system', at, ctx)
  else if (decided.outcome === 'EXECUTE')
    approve(state, action, { id: asked.actor.id, how: 'automatic', decision_id }, at, ctx)
}

const ruleOf = (match: Match): OfRule => ({
  id: match.rule.id,
  version: match.rule.version,
  hash: match.rule.hash,
  mode: match.mode,
  overrides: match.overrides,
  cooldown_us: match.cooldown_us,
})

/** Null: its present value is not known. A share of a budget is seldom whole cents. */
function changeOf({ proposal }: Match): Change | null | 'nothing to do' {
  if (proposal === null || proposal.before === null) return null
  const { type, field, before, after, currency } = proposal
  const change = { type, field, before, after, currency }
  return inUnits(change, 10 ** (6 - minorDigits(currency ?? ''))) ?? 'nothing to do'
}

/** Queued by the same rule: it is decided again at each match. */
const isOwn = (action: Action, rule: OfRule): boolean =>
  action.state === 'QUEUED' && action.rule?.id === rule.id

/** Whether it is the same that is proposed now. */
function isStill(action: Action, rule: OfRule, change: Change): boolean {
  const queued = asChange(action.change)
  return (
    action.rule!.version === rule.version && queued.before === change.before && queued.after === change.after
  )
}
