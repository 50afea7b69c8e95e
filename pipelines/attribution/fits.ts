import { addDays, later } from '../../engine/clock/days.ts'
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

interface DayOfPaths {
  readonly taken: TakenPath[]
  /** They are others than at the last fit. */
  changed: boolean
}

interface State {
  /** Paths by day, while they are gathered for a fit. */
  days: Record<string, DayOfPaths>
  /** Days that were written and are kept: one that has no conversion any more is written as that. */
  written: string[]
}

/** Higher orders, and games of sets, only where keys are few. */
const FEW = new Set(['channel', 'platform'])

/**
 * Models that are fitted to all paths of a window: what they are, and what each day's conversions are by them. Days of the
 * window are by the fit of the window; one that has left it by that of the last window it was in, anew where something of
 * that came late. So what is written in the end does not depend on when fits were made.
 */
export const fits = stage({
  name: 'attribution-fits',
  version: 1,
  key: (w: WaysOfDay) => [w.tenant_id, w.dimension],
  state: { version: 1, empty: (): State => ({ days: {}, written: [] }) },
  on: {
    ways_of_day({ days }: State, { date, ways, changed }: WaysOfDay) {
      days[date] ??= { taken: [], changed: false }
      const day = days[date]
      for (const [currency, tally] of Object.entries(ways)) day.taken.push(...takenPaths(tally, currency))
      day.changed ||= changed
    },
  },
  ticks: 'all',
  tick(state, tick, ctx) {
    const refit = tick as Refit
    const { day: today, kept } = refit
    const { order, window_days: length } = journeySettingsOf(refit.settings).markov
    const [, dimension] = ctx.key as [string, string]
    const isFew = FEW.has(dimension)
    const orderHere = isFew ? order : 1
    const dates = Object.keys(state.days).sort()
    const from = later(addDays(today, 1 - length), kept)
    const written = new Set(state.written.filter(date => date >= kept))
    const write = (date: string, { day, fit }: { day: readonly TakenPath[]; fit: WindowFit }) => {
      const converts = day.some(({ way }) => way.journeys > 0)
      // Without a fit, what was written of the day stays.
      if (converts ? fit.reason !== null : !written.has(date)) return
      if (converts) written.add(date)
      else written.delete(date)
      writeDay(date, day, fit, refit, ctx)
    }
    for (const date of dates.filter(date => date < from)) {
      const window = inside(dates, date, addDays(date, length - 1))
      if (!window.some(other => state.days[other]!.changed)) continue
      const { fit, ofDay } = fitTo(window, state.days, orderHere)
      write(date, { day: ofDay(date), fit })
    }
    const window = inside(dates, from, today)
    const { fit, taken, paths, ofDay } = fitTo(window, state.days, orderHere)
    const currency = currencyOf(taken)
    for (const model of isFew ? [fit, ...shapleyFits(paths)] : [fit])
      writeModel(model, paths, currency, { from, to: today }, refit, ctx)
    for (const date of window) write(date, { day: ofDay(date), fit })
    state.days = {}
    state.written = [...written].sort()
  },
})

const inside = (dates: readonly string[], from: string, to: string): string[] =>
  dates.filter(date => date >= from && date <= to)

/** Markov of some days, and the paths of each of them by the keys that it tells apart. */
function fitTo(dates: readonly string[], days: State['days'], order: number) {
  const taken = grouped(dates.flatMap(date => days[date]!.taken))
  const paths = pathsTaken(taken)
  const begins = new Map<string, number>()
  let at = 0
  for (const date of dates) {
    begins.set(date, at)
    at += days[date]!.taken.length
  }
  return {
    fit: markovFit(paths, order),
    taken,
    paths,
    ofDay: (date: string) => taken.slice(begins.get(date)!, begins.get(date)! + days[date]!.taken.length),
  }
}

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
