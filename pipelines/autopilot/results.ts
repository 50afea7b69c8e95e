import { deterministicId } from '../../engine/codec/ids.ts'
import type { Command } from '../../engine/command/command.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { type Asking, carry, shown } from './asking.ts'
import { emitAction } from './emit.ts'
import { ACTION_RESULTS_TOPIC, actionResultKind, OUTCOMES, type Outcome } from './kinds.ts'
import { changedOf, takeChange } from './model/accounts.ts'
import { type Action, move } from './model/action.ts'
import { applied, release } from './model/blast/ledger.ts'
import { closedBreaker, tried } from './model/breaker.ts'
import { idOf } from './model/change.ts'
import { refusal } from './model/refusal.ts'
import { end } from './moving.ts'
import { settingsOf } from './settings-of.ts'
import { type AutopilotState, pass } from './state.ts'
import { actionOf } from './verdict.ts'

/** An executor says what became of a lease. */
export function takeResult(state: AutopilotState, command: Command, ctx: StageContext): void {
  carry(state, command, result, null, ctx)
}

interface Said {
  readonly action: Action
  readonly holder: string
  readonly outcome: Outcome
  readonly code: string | null
  readonly message: string | null
  readonly found: unknown
  readonly written_at: number | null
  readonly read_back_at: number | null
}

function result(asking: Asking): void {
  const { state, command, at, ctx, say } = asking
  if (command.role !== 'EXECUTOR') throw refusal('FORBIDDEN', `${command.actor} is no executor`)
  pass(state, command.event_time)
  const said = readResult(asking)
  const { action, holder } = said
  if (action.command === command.event_id) return say(null, 'as before', shown(action))
  if (action.state !== 'APPROVED' || action.lease?.holder !== holder)
    throw refusal('INVALID_STATE', `${holder} has no lease of it any more`, shown(action))
  const mode = action.lease.mode
  action.command = command.event_id
  action.lease = null
  settle(state, said, mode)
  emitResult(asking, said)
  if (action.state === 'APPROVED') action.revision++
  emitAction(state, action, holder, at, ctx)
  say(null, `it is ${String(action.state)}`, shown(action))
}

function readResult(asking: Asking): Said {
  const { attempt, holder, outcome, code, message, found, written_at, read_back_at } = asking.body
  const action = actionOf(asking)
  const known = OUTCOMES.find(one => one === outcome)
  if (known === undefined) throw refusal('VALIDATION_ERROR', `/outcome must be one of ${OUTCOMES.join(', ')}`)
  if (typeof holder !== 'string') throw refusal('VALIDATION_ERROR', '/holder is missing: whose lease it was')
  if (attempt !== action.attempt)
    throw refusal(
      'INVALID_STATE',
      `it is at attempt ${action.attempt}, not ${String(attempt)}`,
      shown(action),
    )
  const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, MOST_TEXT) : null)
  const time = (value: unknown) => (Number.isSafeInteger(value) ? (value as number) : null)
  return {
    action,
    holder,
    outcome: known,
    code: text(code),
    message: text(message),
    found: found ?? null,
    written_at: time(written_at),
    read_back_at: time(read_back_at),
  }
}

const MOST_TEXT = 500

/** What an outcome makes of an action, in place. */
function settle(state: AutopilotState, said: Said, mode: 'WRITE' | 'SETTLE'): void {
  const { action, outcome, code, message, written_at } = said
  const { platform, level, account_id } = action.change
  const breaker = state.breakers[platform] ?? closedBreaker()
  switch (outcome) {
    case 'APPLIED': {
      const time = Math.min(written_at ?? state.now, state.now)
      move(action, 'apply')
      action.unsettled = false
      end(state, action, null, null)
      applied(state.ledger, action.id, time)
      takeChange(
        state.accounts,
        `${platform}:${account_id}`,
        { at: time, entity: changedOf(level, idOf(action.change)), isOurs: true },
        state.now,
      )
      tried(breaker, true, state.now)
      break
    }
    case 'FAILED':
      move(action, 'fail')
      // Read and found to be something else after an unknown outcome: it may have been written all the same.
      if (mode === 'SETTLE' || action.unsettled) applied(state.ledger, action.id, state.now)
      else release(state.ledger, action.id)
      action.unsettled = false
      end(state, action, code ?? 'FAILED', message)
      tried(breaker, true, state.now)
      break
    case 'NOT_WRITTEN':
      // What is there says that nothing was written, or that somebody has taken it back: not to be written again.
      move(action, 'fail')
      release(state.ledger, action.id)
      action.unsettled = false
      end(state, action, 'NOT_WRITTEN', message)
      tried(breaker, !isFault(code), state.now)
      break
    case 'NOT_SENT':
      if (!isWithheld(code)) action.tries++
      if (isFault(code)) tried(breaker, false, state.now)
      if (action.tries >= settingsOf(state).max_attempts && !action.unsettled) {
        move(action, 'fail')
        release(state.ledger, action.id)
        end(state, action, 'TRIES_EXHAUSTED', message)
      }
      break
    case 'UNKNOWN':
      action.unsettled = true
      tried(breaker, false, state.now)
  }
  state.breakers[platform] = breaker
}

/** Stopped here before it was tried. */
const isWithheld = (code: string | null): boolean =>
  code === 'KILL_SWITCH_ENGAGED' || code === 'STOPPING' || code === 'PERMIT_EXPIRED'

/** What this side stopped by itself says nothing of the platform. */
const isFault = (code: string | null): boolean => code === 'RETRYABLE' || code === 'TIMED_OUT'

function emitResult({ command, at, ctx }: Asking, said: Said): void {
  const { action, holder, outcome, code, message, found, written_at, read_back_at } = said
  ctx.emit(
    ACTION_RESULTS_TOPIC,
    actionResultKind,
    {
      tenant_id: at.tenant_id,
      event_time: at.event_time,
      ingest_time: at.ingest_time,
      event_id: deterministicId(at.tenant_id, command.event_id, 'action result'),
      action_id: action.id,
      decision_id: action.decision_id,
      attempt: action.attempt,
      holder,
      platform: action.change.platform,
      entity: action.change.entity,
      type: action.change.type,
      outcome,
      state: action.state,
      code,
      message,
      found: found === null ? null : JSON.stringify(found),
      written_at,
      read_back_at,
    },
    [at.tenant_id, action.id],
  )
}
