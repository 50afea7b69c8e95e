import type { StageContext } from '../../engine/stage/stage.ts'
import { entityOf, type SubjectView } from '../rules/model/subject.ts'
import { type At, emitAction } from './emit.ts'
import { free } from './leasing.ts'
import { asChange } from './model/action.ts'
import { presentOf } from './model/change.ts'
import { isOpen } from './model/lifecycle.ts'
import { dismiss, keptView } from './moving.ts'
import { settingsOf } from './settings-of.ts'
import type { AutopilotState } from './state.ts'

const HOUR_US = 3_600_000_000
const DAY_US = 24 * HOUR_US
/** What has ended is kept so long, to be rolled back or tried again. */
const ENDED_KEPT_US = 14 * DAY_US
const MOST_ENDED = 2_000

/** Time passes: what waited too long ends, and what nobody asks for any more is forgotten. Whether anything did. */
export function passTime(state: AutopilotState, at: At, ctx: StageContext): boolean {
  let isChanged = false
  for (const action of Object.values(state.actions)) {
    if (!isOpen(action.state)) continue
    const { lease } = action
    free(state, action)
    if (lease !== action.lease) {
      action.revision++
      emitAction(state, action, 'system', at, ctx)
      isChanged = true
    }
    if (state.now >= action.expires_at && dismiss(state, action, 'EXPIRED', 'system', at, ctx))
      isChanged = true
  }
  return forget(state) || isChanged
}

function forget(state: AutopilotState): boolean {
  const { now } = state
  let isChanged = false
  const drop = <T>(all: Record<string, T>, isOver: (one: T) => boolean) => {
    for (const [name, one] of Object.entries(all))
      if (isOver(one)) {
        delete all[name]
        isChanged = true
      }
  }
  drop(state.cooldowns, until => until <= now)
  drop(state.tokens, until => until <= now)
  drop(state.said, ({ at }) => at + 2 * DAY_US <= now)
  drop(state.actions, ({ ended_at }) => ended_at !== null && ended_at + ENDED_KEPT_US <= now)
  const ended = Object.values(state.actions).filter(({ ended_at }) => ended_at !== null)
  if (ended.length > MOST_ENDED) {
    ended.sort((a, b) => a.ended_at! - b.ended_at!)
    for (const { id } of ended.slice(0, ended.length - MOST_ENDED)) delete state.actions[id]
    isChanged = true
  }
  return isChanged
}

/** A subject is seen: what is open on it knows, and what was queued for another value is over. Whether anything changed. */
export function seeSubject(state: AutopilotState, view: SubjectView, at: At, ctx: StageContext): boolean {
  const entity = entityOf(view.subject)
  let isChanged = false
  for (const action of Object.values(state.actions)) {
    if (action.change.entity !== entity || action.state === 'DISMISSED') continue
    const { field, before } = asChange(action.change)
    const current = presentOf(view, field)
    action.view = keptView(view)
    isChanged = true
    if (action.state === 'QUEUED' && current !== null && current !== before)
      dismiss(
        state,
        action,
        'STALE',
        'system',
        at,
        ctx,
        `it is ${String(current)} now, not ${String(before)}`,
      )
  }
  return isChanged
}

/** Released: what was decided more than an hour ago was decided for another time. */
export function afterRelease(state: AutopilotState, at: At, ctx: StageContext): void {
  const until = state.now - settingsOf(state).release_expires_hours * HOUR_US
  for (const action of Object.values(state.actions))
    if (isOpen(action.state) && action.created_at <= until)
      dismiss(state, action, 'EXPIRED', 'system', at, ctx)
}
