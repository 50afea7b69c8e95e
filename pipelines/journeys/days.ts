import { dayInUtc } from '../../engine/clock/days.ts'
import type { Tick } from '../../engine/clock/tick.ts'
import { stage } from '../../engine/stage/stage.ts'
import type { SettingsInForce } from '../settings/kinds.ts'
import { timePassed, timePassedKind } from './passed.ts'
import { JOURNEYS } from './settings/subject.ts'

interface State {
  /** Watermark that was passed on last, UTC microseconds. */
  told: number
  /** How long nothing is passed on after that, within a day. Microseconds. */
  pause: number
}

const MINUTE_US = 60_000_000

/**
 * Sends on to all journeys what they need of time, and their settings, behind the touches: the first tick of a day, the
 * last of all, and of a tenant's first day some more, further and further apart, since history may come after its first.
 * Every partition of people sees the same ticks of a tenant, and passes the same on.
 */
export const days = stage({
  name: 'days',
  version: 1,
  key: (r: { tenant_id: string }) => [r.tenant_id],
  state: { version: 1, empty: (): State => ({ told: 0, pause: MINUTE_US }) },
  on: {
    tick(state: State, tick: Tick, ctx) {
      const { watermark, final, event_id } = tick
      const isNewDay = dayInUtc(watermark) > dayInUtc(state.told)
      const isDue = watermark >= state.told + state.pause
      if (!isNewDay && !isDue && !final) return ctx.unchanged()
      if (!isNewDay && isDue) state.pause *= 2
      if (watermark > state.told) state.told = watermark
      ctx.emitToAll('touches', timePassedKind, timePassed(tick, event_id, ctx))
    },
    settings(_: State, { subject }: SettingsInForce, ctx) {
      ctx.unchanged()
      if (subject === JOURNEYS) ctx.broadcast('touches')
    },
  },
})
