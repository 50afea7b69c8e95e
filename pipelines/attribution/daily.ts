import { deterministicId } from '../../engine/codec/ids.ts'
import { stage } from '../../engine/stage/stage.ts'
import type { CellChange } from './given.ts'
import { attributionKind } from './kinds.ts'
import { addCell, revenueBy, type Sum } from './model/cell.ts'
import { ASSISTED, FIRST, LAST, MODELS, PATHS, UNVALUED } from './model/tally.ts'
import { ADDITIVE_MODELS } from './model/weights.ts'

interface State {
  sum: Sum | null
  /** Changes so far. */
  revision: number
}

/**
 * What the additive models credit a key with on a day: whole numbers, so what is taken back leaves no trace. In parts, by
 * the way that journeys came: several folds write credits, and in which order theirs follow one another is not fixed.
 */
export const attributionDaily = stage({
  name: 'attribution-daily',
  version: 1,
  key: (c: CellChange) => [c.tenant_id, c.date, c.dimension, c.key, c.part],
  state: { version: 1, empty: (): State => ({ sum: null, revision: 0 }) },
  on: {
    attribution_cell(state: State, change: CellChange, ctx) {
      const { tenant_id, date, dimension, key, part } = change
      try {
        state.sum = addCell(state.sum, change.counts, change.currency, change.gone ? -1 : 1)
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        return ctx.reject(`${dimension} ${key} on ${date}: ${error.message}`)
      }
      const revision = ++state.revision
      const { counts } = state.sum
      for (const [i, model] of ADDITIVE_MODELS.entries()) {
        const revenue = revenueBy(state.sum, i)
        ctx.emit(
          'attribution',
          attributionKind,
          {
            tenant_id,
            event_id: deterministicId(tenant_id, date, model, dimension, key, part, revision),
            event_time: change.event_time,
            ingest_time: change.ingest_time,
            date,
            model,
            dimension,
            key,
            part,
            conversion_units: counts[MODELS + 2 * i]!,
            revenue_micros: revenue.micros,
            currency: revenue.currency,
            paths: counts[PATHS]!,
            unvalued_paths: counts[UNVALUED]!,
            first_touch_count: counts[FIRST]!,
            last_touch_count: counts[LAST]!,
            assisted_count: counts[ASSISTED]!,
            revision,
          },
          [tenant_id, date, model, dimension, key, part],
        )
      }
    },
  },
})
