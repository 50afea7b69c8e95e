import { deterministicId } from '../../../engine/codec/ids.ts'
import type { BaseRecord } from '../../../engine/codec/kind.ts'
import { type StageContext, stage } from '../../../engine/stage/stage.ts'
import { type DayChange, type ScopePaced, type SourceGone, seriesSeenKind } from '../handed.ts'
import { keyOfScope, nameOfScope, type Scope, scopeOf } from '../scope.ts'
import { close, leave, noSeries, type Series, takeDay } from './model.ts'

/**
 * Days of a tenant, its platforms and campaigns: shown when one of them has closed, and at every tick while somebody
 * paces them.
 */
export const series = stage({
  name: 'daily-series',
  version: 1,
  key: (r: DayChange | SourceGone | ScopePaced) => [r.tenant_id, ...keyOfScope(r.scope)],
  state: { version: 1, empty: noSeries },
  on: {
    day_change: (state: Series, change: DayChange) => takeDay(state, change),
    source_gone(state: Series, { source }: SourceGone, ctx) {
      if (!leave(state, source)) ctx.unchanged()
    },
    scope_paced(state: Series, { until, ...paced }: ScopePaced, ctx) {
      if (until > state.pacedUntil) state.pacedUntil = until
      else ctx.unchanged()
      show(state, paced.scope, state.closed, Math.max(state.now, paced.event_time), paced, ctx)
    },
  },
  ticks: 'touched',
  tick(state: Series, tick, ctx) {
    const [tenant_id, , platform, campaign] = ctx.key as [string, string, string, string]
    const scope = scopeOf(platform === '' ? null : platform, campaign === '' ? null : campaign)
    const { reading, now } = state
    const was = `${reading.fresh} ${reading.from} ${reading.at}`
    state.now = Math.max(now, tick.event_time)
    const before = close(state)
    const isPaced = state.now < state.pacedUntil
    if (isPaced || isExpected(state)) ctx.again()
    if (before !== null || isPaced)
      show(state, scope, before ?? state.closed, state.now, { ...tick, tenant_id }, ctx)
    const isSame = before === null && was === `${reading.fresh} ${reading.from} ${reading.at}`
    if (!isSame) return
    // Ticks pass without being written down.
    state.now = now
    ctx.unchanged()
  },
})

const SLEEPS_US = 35 * 86_400_000_000

/** Whether days are to be closed that may still bring something: what ended is left alone. */
const isExpected = ({ newest, now }: Readonly<Series>): boolean =>
  newest !== '' && now < Date.parse(`${newest}T00:00:00Z`) * 1000 + SLEEPS_US

function show(
  state: Series,
  scope: Scope,
  before: Readonly<Record<string, string>>,
  now: number,
  { tenant_id, event_id, ingest_time }: BaseRecord,
  ctx: StageContext,
): void {
  ctx.hand(seriesSeenKind, {
    ...{ tenant_id, event_time: now, ingest_time, scope, series: state, before },
    event_id: deterministicId(event_id, nameOfScope(scope), 'series'),
    isPaced: now < state.pacedUntil,
  })
}
