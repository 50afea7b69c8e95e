import type { BaseRecord } from '../../engine/codec/kind.ts'
import type { Command } from '../../engine/command/command.ts'
import type { SigningKey } from '../../engine/signing.ts'
import { type StageContext, stage } from '../../engine/stage/stage.ts'
import type { AdChangeRecord } from '../../plugins/records/ad-change.ts'
import { emitAudit } from '../audit/emit.ts'
import type { Fact } from '../current/said.ts'
import type { KillSwitchSet } from '../kill-switch/kinds.ts'
import type { RuleChanged, RuleMatched } from '../rules/kinds.ts'
import type { SettingsChanged } from '../settings/kinds.ts'
import type { SubjectSeen } from '../subjects/handed.ts'
import type { PlatformGate } from '../trust/handed.ts'
import type { ChangeAsked } from './handed.ts'
import { takeLease } from './leasing.ts'
import { decideMatches } from './matching.ts'
import { changedOf, takeChange, takeView } from './model/accounts.ts'
import { afterRelease, passTime, seeSubject } from './passing.ts'
import { takeAsked, takeCommand } from './requests.ts'
import { takeResult } from './results.ts'
import { type AutopilotState, noAutopilot, pass } from './state.ts'
import { tellStatus } from './status.ts'

/** What the stage keeps while one record is folded: nothing of it is there between two. */
interface State extends AutopilotState {
  matched: RuleMatched[]
}

/**
 * Rules propose; here it is decided what may run: trust gate, limits, blast radius, and people. Everything is in the log:
 * each decision with what it was made from, each action in each of its states, each word of an executor.
 * @param signing signs permits; null: nothing can be leased
 */
export function autopilot(signing: SigningKey | null) {
  let tokenKey: string | null = null
  // Made when it is first needed: looking at the application makes no key.
  const keyOf = (): string => {
    tokenKey ??= signing === null ? '' : signing.derive('autopilot confirmation')
    return tokenKey
  }
  return stage({
    name: 'autopilot',
    version: 1,
    key: (r: BaseRecord) => [r.tenant_id],
    state: { version: 1, empty: (): State => ({ ...noAutopilot(), matched: [] }) },
    on: {
      settings_changed(state: State, changed: SettingsChanged, ctx) {
        pass(state, changed.event_time)
        const { subject, version, text, actor, role, reason } = changed
        if (subject === 'autopilot') state.settings = { version, text }
        emitAudit(state, ctx, {
          ...changed,
          kind: 'SETTINGS_CHANGED',
          body: { subject, version, settings: text, actor, role, reason },
        })
      },
      rule_changed(state: State, changed: RuleChanged, ctx) {
        const { rule_id, version, hash, actor, reason } = changed
        const kind = version === null ? 'RULE_REMOVED' : 'RULE_SET'
        emitAudit(state, ctx, { ...changed, kind, body: { rule: rule_id, version, hash, actor, reason } })
      },
      kill_switch_set(state: State, set: KillSwitchSet, ctx) {
        pass(state, set.event_time)
        state.isEngaged = set.engaged
        const { reason, actor } = set
        emitAudit(state, ctx, {
          ...set,
          kind: set.engaged ? 'KILL_SWITCH_ENGAGED' : 'KILL_SWITCH_RELEASED',
          body: { reason, actor },
        })
        if (!set.engaged) afterRelease(state, set, ctx)
      },
      platform_gate(state: State, { platform, decisions, settings, event_time }: PlatformGate) {
        pass(state, event_time)
        const of = (scope: 'all' | 'delivery') => ({
          risk_increasing: decisions[scope].risk_increasing.inputs,
          protective: decisions[scope].protective.inputs,
        })
        state.gates[platform] = { settings, inputs: { all: of('all'), delivery: of('delivery') } }
      },
      subject_seen(state: State, { view, ...at }: SubjectSeen, ctx) {
        const isKnown = takeView(state.accounts, view)
        const isOpen = seeSubject(state, view, at, ctx)
        if (!isKnown && !isOpen) ctx.unchanged()
      },
      rule_matched(state: State, matched: RuleMatched) {
        pass(state, matched.view.now)
        state.matched.push(matched)
      },
      // What a record has led to has all come by now.
      ad_report: decide,
      ad_entity: decide,
      ad_change(state: State, { changed_at: at, ...change }: Fact<AdChangeRecord>, ctx) {
        const { platform, account_id, entity: level, entity_id } = change
        if (!CHANGED.includes(level)) return ctx.unchanged()
        pass(state, change.ingest_time)
        const made = { at, entity: changedOf(level, entity_id), isOurs: false }
        takeChange(state.accounts, `${platform}:${account_id}`, made, state.now)
      },
      change_asked(state: State, asked: ChangeAsked, ctx) {
        takeAsked(state, asked, keyOf, ctx)
      },
      command(state: State, command: Command, ctx) {
        if (command.command === 'action.lease') return takeLease(state, command, signing, ctx)
        if (command.command === 'action.result') return takeResult(state, command, ctx)
        if (takeCommand(state, command, keyOf, ctx)) return
        if (command.command === 'autopilot.status') tellStatus(state, command, ctx)
        ctx.unchanged()
      },
    },
    ticks: 'all',
    tick(state: State, tick, ctx) {
      const { now } = state
      pass(state, tick.event_time)
      const isPassed = passTime(state, tick, ctx)
      if (state.matched.length > 0) return decide(state, tick, ctx)
      if (isPassed) return
      // What is not written down is not remembered either: a restart would forget it.
      state.now = now
      ctx.unchanged()
    },
  })
}

/** Levels of a platform's change history that the autopilot changes too. */
const CHANGED: readonly string[] = ['campaign', 'adset', 'ad']

function decide(state: State, at: BaseRecord, ctx: StageContext): void {
  if (state.matched.length === 0) return ctx.unchanged()
  const { matched } = state
  state.matched = []
  decideMatches(state, matched, at, ctx)
}
