import { dayInUtc } from '../../engine/clock/days.ts'
import type { Tick } from '../../engine/clock/tick.ts'
import { stage } from '../../engine/stage/stage.ts'
import type { SettingsInForce } from '../settings/kinds.ts'
import { JOURNEYS } from './settings/subject.ts'

interface State {
  /** UTC day that the watermark had come to. */
  day: string
}

/**
 * Sends on to all journeys what they need of time, the first tick of a day and the last of all, and their settings. Every
 * partition of people does so, behind its touches: whoever has seen a tick of each has seen all that was before it.
 */
export const days = stage({
  name: 'days',
  version: 1,
  key: (r: { tenant_id: string }) => [r.tenant_id],
  state: { version: 1, empty: (): State => ({ day: '' }) },
  on: {
    tick(state: State, tick: Tick, ctx) {
      const day = dayInUtc(tick.watermark)
      if (day <= state.day && !tick.final) return ctx.unchanged()
      if (day > state.day) state.day = day
      ctx.broadcast('touches')
    },
    settings(_: State, { subject }: SettingsInForce, ctx) {
      ctx.unchanged()
      if (subject === JOURNEYS) ctx.broadcast('touches')
    },
  },
})
