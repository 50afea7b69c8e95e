import { addDays } from '../../engine/clock/days.ts'
import { deterministicId } from '../../engine/codec/ids.ts'
import { stage, type TickContext } from '../../engine/stage/stage.ts'
import { journeySettingsOf } from '../journeys/settings/check.ts'
import type { Refit } from './given.ts'
import { attributionFittedKind, attributionModelKind } from './kinds.ts'
import {
  currencyOf,
  dayCredits,
  grouped,
  markovFit,
  pathsTaken,
  shapleyFits,
  type TakenPath,
  takenPaths,
  type WindowFit,
} from './model/fit.ts'
import type { Paths } from './model/paths.ts'
import type { WaysOfDay } from './ways.ts'

interface State {
  /** Paths by day, while they are gathered for a fit. */
  days: Record<string, TakenPath[]>
  /** Days that were written last: one that has no conversion any more is written as that. */
  written: string[]
}

/** Higher orders, and games of sets, only where keys are few. */
const FEW = new Set(['channel', 'platform'])

/** Models that are fitted to all paths of a window, once a day: what they are, and what each day's conversions are by them. */
export const fits = stage({
  name: 'attribution-fits',
  version: 1,
  key: (w: WaysOfDay) => [w.tenant_id, w.dimension],
  state: { version: 1, empty: (): State => ({ days: {}, written: [] }) },
  on: {
    ways_of_day(state: State, { date, ways }: WaysOfDay) {
      const day = state.days[date] ?? []
      for (const [currency, tally] of Object.entries(ways)) day.push(...takenPaths(tally, currency))
      state.days[date] = day
    },
  },
  ticks: 'all',
  tick(state, tick, ctx) {
    const refit = tick as Refit
    const [, dimension] = ctx.key as [string, string]
    const { order, window_days } = journeySettingsOf(refit.settings).markov
    const dates = Object.keys(state.days).sort()
    const taken = grouped(dates.flatMap(date => state.days[date]!))
    const paths = pathsTaken(taken)
    const fit = markovFit(paths, FEW.has(dimension) ? order : 1)
    const models = FEW.has(dimension) ? [fit, ...shapleyFits(paths)] : [fit]
    const window = { from: addDays(refit.day, 1 - window_days), to: refit.day }
    for (const model of models) writeModel(model, paths, currencyOf(taken), window, refit, ctx)
    const sizes = dates.map(date => state.days[date]!.length)
    let at = 0
    const written: string[] = []
    for (const [i, date] of dates.entries()) {
      const day = taken.slice(at, at + sizes[i]!)
      at += sizes[i]!
      const converts = day.some(({ way }) => way.journeys > 0)
      // Without a fit, what was written of the day stays.
      if (converts ? fit.reason !== null : !state.written.includes(date)) continue
      if (converts) written.push(date)
      writeDay(date, day, fit, refit, ctx)
    }
    state.days = {}
    state.written = written
  },
})

function writeModel(
  model: WindowFit,
  { totals, channels, rows }: Paths,
  currency: string | null,
  window: { readonly from: string; readonly to: string },
  { event_time, ingest_time, fit }: Refit,
  ctx: TickContext,
): void {
  const [tenant_id, dimension] = ctx.key as [string, string]
  const fitted = JSON.stringify([model.model, model.order, window, channels, rows])
  ctx.emit(
    'attribution',
    attributionModelKind,
    {
      tenant_id,
      event_id: deterministicId(tenant_id, model.model, dimension, 'fit', fit),
      event_time,
      ingest_time,
      model: model.model,
      dimension,
      order: model.order,
      window_from: window.from,
      window_to: window.to,
      version: deterministicId(tenant_id, dimension, fitted),
      states: model.states,
      journeys: rows.reduce((sum, row) => sum + row.conversions + row.nulls, 0),
      conversions: totals.conversions,
      nulls: totals.nulls ?? 0,
      revenue_micros: totals.value,
      currency,
      removal_effects: model.effects,
      removal_effects_value: model.effectsValue,
      credits: model.credits,
      reason: model.reason,
      revision: fit,
    },
    [tenant_id, model.model, dimension],
  )
}

/** `(none)` with nothing where the day has no key any more: it stands for what was written of it before. */
function writeDay(
  date: string,
  day: readonly TakenPath[],
  fit: WindowFit,
  { event_time, ingest_time, fit: revision }: Refit,
  ctx: TickContext,
): void {
  const [tenant_id, dimension] = ctx.key as [string, string]
  const currency = currencyOf(day)
  const credits = dayCredits(day, fit)
  const nothing = {
    key: '(none)',
    units: 0,
    micros: 0,
    paths: 0,
    unvalued: 0,
    first: 0,
    last: 0,
    assisted: 0,
  }
  const some = credits.filter(({ units, paths }) => units > 0 || paths > 0)
  for (const credit of some.length > 0 ? some : [nothing])
    ctx.emit(
      'attribution',
      attributionFittedKind,
      {
        tenant_id,
        event_id: deterministicId(tenant_id, date, fit.model, dimension, credit.key, revision),
        event_time,
        ingest_time,
        date,
        model: fit.model,
        dimension,
        key: credit.key,
        conversion_units: credit.units,
        revenue_micros: credit.micros,
        currency: credit.micros === null ? null : currency,
        paths: credit.paths,
        unvalued_paths: credit.unvalued,
        first_touch_count: credit.first,
        last_touch_count: credit.last,
        assisted_count: credit.assisted,
        revision,
      },
      [tenant_id, date, fit.model, dimension, credit.key],
    )
}
