import { type Tick, tickKind } from '../../engine/clock/tick.ts'
import { defineKind } from '../../engine/codec/kind.ts'
import { stage } from '../../engine/stage/stage.ts'
import type { SettingsInForce } from '../settings/kinds.ts'
import { settingsKind } from '../settings/kinds.ts'
import type { TouchRow } from './kinds.ts'
import { allPassed, type TimePassed, timePassed, timePassedKind, type Waiting } from './passed.ts'

/** A touch, or a moment, with the tenant's settings as they are in force. Handed on inside the journey task. */
export interface InForce {
  /** JSON; what is left out has its default. */
  readonly settings: string
}
export type TouchInForce = TouchRow & InForce
export const touchInForceKind = defineKind<TouchInForce>('touch_in_force', [])
export type Anew = Tick & InForce

interface State {
  version: number
  text: string
  /** Ticks that not all partitions of people have come past. */
  waiting: Waiting
}

/**
 * Gives every touch the settings of its tenant, and tells all journeys of the tenant when these change: they are cut and
 * credited anew, once. A tick that all partitions of people have come past goes on to the credits.
 */
export const inForce = stage({
  name: 'journey-settings',
  version: 1,
  key: (r: { tenant_id: string }) => [r.tenant_id],
  state: { version: 1, empty: (): State => ({ version: 0, text: '{}', waiting: [] }) },
  on: {
    touch(state: State, touch: TouchRow, ctx) {
      ctx.unchanged()
      ctx.hand(touchInForceKind, { ...touch, settings: state.text })
    },
    settings(state: State, changed: SettingsInForce, ctx) {
      if (changed.version <= state.version) return ctx.unchanged()
      state.version = changed.version
      state.text = changed.settings
      ctx.emit('credits', settingsKind, changed, [changed.tenant_id])
      const { tenant_id, event_id, event_time, ingest_time } = changed
      const anew: Anew = {
        ...{ tenant_id, event_id, event_time, ingest_time },
        ...{ watermark: 0, final: false, settings: state.text },
      }
      ctx.hand(tickKind, anew)
    },
    // Nothing of a journey changes because time goes by.
    time_passed({ waiting }: State, passed: TimePassed, ctx) {
      if (!allPassed(waiting, passed)) return
      ctx.emit('credits', timePassedKind, timePassed(passed, passed.tick_id, ctx), [passed.tenant_id])
    },
  },
})
