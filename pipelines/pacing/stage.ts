import { addDays, todayIn } from '../../engine/clock/days.ts'
import { deterministicId } from '../../engine/codec/ids.ts'
import type { BaseRecord } from '../../engine/codec/kind.ts'
import type { Command } from '../../engine/command/command.ts'
import { type StageContext, stage } from '../../engine/stage/stage.ts'
import type { SeriesForecast } from '../forecast/handed.ts'
import { nameOfScope } from '../forecast/scope.ts'
import { KEPT_DAYS } from '../forecast/series/model.ts'
import { writeForecast } from '../forecast/write.ts'
import { type Alerts, alert, clearAll, hasOpen, noAlerts, type Of } from './alerting.ts'
import { byHand, isAboutAlerts } from './by-hand.ts'
import type { TargetsSet } from './handed.ts'
import { PACING_TOPIC, pacingKind } from './kinds.ts'
import { conditionsOf, consumption } from './model/alerts/conditions.ts'
import { type Pacing, pacing as paceOf } from './model/status.ts'
import { observe, type Seen } from './observe.ts'
import { type NamedTarget, targetsOf } from './settings/check.ts'

/** What was said of one target. Plain JSON. */
interface Paced {
  /** When it was last looked at, UTC microseconds. */
  at: number
  shown: { date: string; text: string; revision: number }
  /** The closed day that its end was last forecast after. */
  forecast: string
  alerts: Alerts
}

interface Targets {
  /** JSON, as they were set; '{}': none. */
  text: string
  paced: Record<string, Paced>
}

const EVERY_US = 3_600_000_000

const notPaced = (): Paced => ({
  at: 0,
  shown: { date: '', text: '', revision: 0 },
  forecast: '',
  alerts: noAlerts(),
})

/** A tenant's targets, looked at once an hour: where each stands, and what there is to be told about it. */
export const pacing = stage({
  name: 'pacing',
  version: 2,
  key: (r: BaseRecord) => [r.tenant_id],
  state: { version: 1, empty: (): Targets => ({ text: '{}', paced: {} }) },
  on: {
    targets_set(state: Targets, set: TargetsSet, ctx) {
      const { text } = set
      const before = new Map(targetsOf(state.text).map(target => [target.id, JSON.stringify(target)]))
      const after = new Map(targetsOf(text).map(target => [target.id, JSON.stringify(target)]))
      state.text = text
      for (const [id, paced] of Object.entries(state.paced)) {
        if (after.has(id) && before.get(id) === after.get(id)) continue
        clearAll(paced.alerts, ofTarget(id, set), ctx)
        if (!after.has(id)) delete state.paced[id]
        // Another target of the same name: its rows go on, its conditions begin anew.
        else state.paced[id] = { ...notPaced(), shown: { ...paced.shown, text: '' } }
      }
    },
    series_forecast(state: Targets, seen: SeriesForecast, ctx) {
      const name = nameOfScope(seen.scope)
      let isChanged = false
      for (const target of targetsOf(state.text)) {
        if (nameOfScope(target.scope) !== name) continue
        const paced = state.paced[target.id] ?? notPaced()
        if (seen.event_time - paced.at < EVERY_US) continue
        if (isKept(target, seen)) look(paced, target, seen, ctx)
        else if (hasOpen(paced.alerts)) clearAll(paced.alerts, ofTarget(target.id, seen), ctx)
        else continue
        state.paced[target.id] = paced
        isChanged = true
      }
      if (!isChanged) ctx.unchanged()
    },
    command(state: Targets, command: Command, ctx) {
      if (!isAboutAlerts(command) || !byHand(state.paced, command, ctx)) ctx.unchanged()
    },
  },
})

/** Whether all its days are kept: without the first it would come to less than it did, and it stays as it was said. */
const isKept = ({ target }: NamedTarget, { series, event_time }: SeriesForecast): boolean =>
  target.start >= addDays(todayIn(series.zone, event_time), 1 - KEPT_DAYS)

const ofTarget = (target_id: string, { tenant_id, event_time, ingest_time }: BaseRecord): Of => ({
  tenant_id,
  event_time,
  ingest_time,
  target_id,
})

function look(paced: Paced, named: NamedTarget, record: SeriesForecast, ctx: StageContext): void {
  const { tenant_id, event_time, ingest_time } = record
  const base = { tenant_id, event_time, ingest_time }
  paced.at = event_time
  const seen = observe(named, record, event_time)
  const stands = paceOf(named.target, seen.observed)
  show(paced, named, seen, stands, base, ctx)
  const of = ofTarget(named.id, record)
  if (stands.phase === 'ENDED') clearAll(paced.alerts, of, ctx)
  // What is not known opens nothing and clears nothing.
  else if (stands.reason === null)
    alert(
      paced.alerts,
      conditionsOf(named.target, stands, seen.around),
      { at: event_time, closed: seen.closed },
      of,
      ctx,
    )
  if (seen.outlook === null || seen.closed <= paced.forecast) return
  paced.forecast = seen.closed
  const { metric, currency, closed: date } = seen
  const horizon_date = named.target.end
  const said = { scope: named.scope, target_id: named.id, metric, horizon: 'TARGET_END', horizon_date }
  if (date >= addDays(named.target.start, -1))
    writeForecast(base, { ...said, date, currency }, seen.outlook, ctx)
}

/** Writes where it stands, where that changed. */
function show(
  paced: Paced,
  { id, scope, target }: NamedTarget,
  { observed, date, metric, currency }: Seen,
  stands: Pacing,
  { tenant_id, event_time, ingest_time }: Omit<BaseRecord, 'event_id'>,
  ctx: StageContext,
): void {
  const { status, phase, pace, attainment, lower, upper, band, reason } = stands
  const { actual, projected, e } = observed
  const figures = {
    ...{ metric_type: target.metric, metric, scope: scope.level },
    ...{ platform: scope.platform, campaign_id: scope.campaign_id },
    ...{ start_date: target.start, end_date: target.end, target_value: target.value },
    ...{ actual, projected: projected.mean, elapsed: e, pace, attainment, lower, upper, band },
    ...{ status, phase, currency, reason },
    consumption: actual === null || phase === 'NOT_STARTED' ? null : consumption(target, actual, e),
  }
  const text = deterministicId(JSON.stringify(figures))
  if (paced.shown.date === date && paced.shown.text === text) return
  const revision = paced.shown.date === date ? paced.shown.revision + 1 : 1
  paced.shown = { date, text, revision }
  ctx.emit(
    PACING_TOPIC,
    pacingKind,
    {
      ...{ tenant_id, event_time, ingest_time, target_id: id, date, ...figures, revision },
      event_id: deterministicId(tenant_id, 'pacing', id, date, revision),
    },
    [tenant_id, id, date],
  )
}
