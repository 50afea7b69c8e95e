import { deterministicId } from '../../engine/codec/ids.ts'
import type { BaseRecord } from '../../engine/codec/kind.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { FORECASTS_TOPIC, forecastKind } from './kinds.ts'
import type { Outlook } from './outlook.ts'
import { nameOfScope, type Scope } from './scope.ts'

export const LEVEL = 0.95
export const MODEL = 'month-end'

interface Said {
  readonly scope: Scope
  readonly target_id: string | null
  readonly metric: string
  readonly horizon: string
  readonly horizon_date: string
  readonly date: string
  readonly currency: string | null
}

export function writeForecast(
  { tenant_id, event_time, ingest_time }: Omit<BaseRecord, 'event_id'>,
  { scope, ...said }: Said,
  outlook: Outlook,
  ctx: StageContext,
): void {
  const { target_id, metric, horizon, date } = said
  const { mean, lower, upper, provisional, reason, soFar, countedFrom, width, coverage, settled } = outlook
  const name = nameOfScope(scope)
  const key = [tenant_id, name, target_id ?? '', metric, horizon, date]
  ctx.emit(
    FORECASTS_TOPIC,
    forecastKind,
    {
      ...{ tenant_id, event_time, ingest_time, event_id: deterministicId('forecast', ...key, event_time) },
      ...{ scope: scope.level, platform: scope.platform, campaign_id: scope.campaign_id, ...said },
      ...{ model: MODEL, level: LEVEL, so_far: soFar, counted_from: countedFrom },
      ...{ mean, lower, upper, provisional, reason },
      ...{ width, measured_coverage: coverage, settled_intervals: settled },
    },
    key,
  )
}
