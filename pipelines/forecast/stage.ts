import { addDays } from '../../engine/clock/days.ts'
import { stage } from '../../engine/stage/stage.ts'
import { HORIZONS, periodWith } from './ends.ts'
import { type SeriesSeen, seriesForecastKind } from './handed.ts'
import { noPast, type OwnPast } from './model/month-end/own-past.ts'
import {
  followed,
  followedRatio,
  lastOfRatio,
  type Outlook,
  type Period,
  ratiosOf,
  totalsOf,
} from './outlook.ts'
import { keyOfScope } from './scope.ts'
import { METRICS, RATIOS } from './series/metrics.ts'
import { lastOf, sinceOf } from './series/model.ts'
import { writeForecast } from './write.ts'

/** What became of a scope's own intervals, by metric. */
type Pasts = Record<string, OwnPast>

/**
 * Forecasts of every metric of a scope, when a day of it has closed: to the end of the month, quarter and year that the
 * first open day is in. What its own past intervals came to widens or narrows them, and is shown with them. Campaigns have
 * no ratios of their own: too few conversions a day.
 */
export const forecasts = stage({
  name: 'forecasts',
  version: 1,
  key: (r: SeriesSeen) => [r.tenant_id, ...keyOfScope(r.scope)],
  state: { version: 1, empty: (): Pasts => ({}) },
  on: {
    series_seen(state: Pasts, seen: SeriesSeen, ctx) {
      const { scope, series, before } = seen
      const { tenant_id, event_time, ingest_time } = seen
      let isNews = false
      const write = (metric: string, date: string, isMoney: boolean, of: (period: Period) => Outlook) => {
        for (const horizon of HORIZONS) {
          const period = periodWith(addDays(date, 1), horizon)
          const said = { scope, target_id: null, metric, horizon, horizon_date: period.end, date }
          const currency = isMoney ? series.currency : null
          writeForecast({ tenant_id, event_time, ingest_time }, { ...said, currency }, of(period), ctx)
        }
      }
      for (const { name, isMoney } of METRICS) {
        const last = lastOf(series.closed, name)
        const range = { before: lastOf(before, name), last }
        if (last <= range.before || sinceOf(series, name) === '' || last < sinceOf(series, name)) continue
        isNews = true
        const past = followed(series, name, range, state[name] ?? noPast())
        state[name] = past
        write(name, last, isMoney, totalsOf(series, name, last, past))
      }
      for (const ratio of scope.level === 'campaign' ? [] : RATIOS) {
        const last = lastOfRatio(series.closed, ratio)
        const range = { before: lastOfRatio(before, ratio), last }
        const since = [sinceOf(series, ratio.over), sinceOf(series, ratio.under)]
        if (last <= range.before || since.some(day => day === '' || last < day)) continue
        isNews = true
        const past = followedRatio(series, ratio, range, state[ratio.name] ?? noPast())
        state[ratio.name] = past
        write(ratio.name, last, ratio.name === 'cpa', ratiosOf(series, ratio, last, past))
      }
      if (seen.isPaced) {
        const base = { tenant_id, event_time, ingest_time, event_id: seen.event_id }
        ctx.hand(seriesForecastKind, { ...base, scope, series, pasts: { ...state } })
      }
      if (!isNews) ctx.unchanged()
    },
  },
})
