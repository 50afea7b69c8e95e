import { type BaseRecord, defineKind } from '../../engine/codec/kind.ts'
import { stage } from '../../engine/stage/stage.ts'
import type { Refit, WayChange } from './given.ts'
import { addWay, emptyWays, retractWay, type WayTally } from './model/conversion-paths.ts'
import type { Dimension, Journey, Touch } from './model/journey.ts'

/** Paths by the currency of what they brought; '': it brought nothing that is known. */
export type Ways = Record<string, WayTally>

/** The paths of a day by one dimension, or a part of them. Handed on inside the attribution task. */
export interface WaysOfDay extends BaseRecord {
  readonly dimension: string
  readonly date: string
  readonly ways: Readonly<Ways>
  /** They are others than at the last fit. */
  readonly changed: boolean
}
export const waysOfDayKind = defineKind<WaysOfDay>('ways_of_day', [])

interface State {
  ways: Ways
  /** Since the last fit that looked at them. */
  changed: boolean
}

/** The paths that journeys took, by dimension and day, as long as models are fitted to them and for a while after. */
export const ways = stage({
  name: 'attribution-ways',
  version: 1,
  key: (w: WayChange) => [w.tenant_id, w.dimension, w.date, w.shard],
  state: { version: 1, empty: (): State => ({ ways: {}, changed: false }) },
  on: {
    attribution_way(state: State, change: WayChange, ctx) {
      const { ways } = state
      const name = change.currency ?? ''
      const tally = ways[name] ?? emptyWays(change.dimension as Dimension)
      try {
        if (change.gone) retractWay(tally, journeyOf(change))
        else addWay(tally, journeyOf(change))
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        return ctx.reject(`${change.dimension} on ${change.date}: ${error.message}`)
      }
      ways[name] = tally
      if (Object.keys(tally.ways).length === 0) delete ways[name]
      state.changed = true
    },
  },
  ticks: 'all',
  tick(state, tick, ctx) {
    const { day, kept } = tick as Refit
    const [tenant_id, dimension, date] = ctx.key as [string, string, string]
    if (date < kept) return ctx.forget()
    // It has not come yet: it is new when it does.
    if (date > day) return ctx.unchanged()
    const { ways, changed } = state
    const { event_id, event_time, ingest_time } = tick
    ctx.hand(waysOfDayKind, { tenant_id, event_id, event_time, ingest_time, dimension, date, ways, changed })
    if (!changed) ctx.unchanged()
    state.changed = false
    if (Object.keys(ways).length === 0) ctx.forget()
  },
})

const DAY_US = 86_400_000_000

/** A journey that took as long, of touches of one dimension. */
function journeyOf({ path, dimension, conversions, value_micros, lag_days }: WayChange): Journey {
  return {
    touches: path.map(key => ({ at: 0, [dimension]: key }) as unknown as Touch),
    closedAt: lag_days * DAY_US,
    conversions,
    valueMicros: value_micros,
  }
}
