import { deterministicId } from '../../engine/codec/ids.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { type AnomalyRecord, anomalyKind } from './anomaly-kind.ts'
import type { Fed } from './model/series.ts'

/** Tells what a detector said of a value. `entity`: the campaign; null: the platform as a whole. */
export function emitAnomaly(
  { metric, at, value, expected, z, sign, alert }: Fed,
  of: Pick<AnomalyRecord, 'tenant_id' | 'platform' | 'entity' | 'ingest_time'>,
  ctx: StageContext,
): void {
  const { tenant_id, platform, entity } = of
  const key = [tenant_id, platform, entity ?? '', metric]
  ctx.emit(
    'signals',
    anomalyKind,
    {
      ...of,
      event_id: deterministicId(...key, at),
      event_time: at,
      metric,
      interval: metric.includes('.hourly') ? 'hour' : 'day',
      detector: 'record',
      value,
      expected,
      score: z,
      direction: z === null || sign === 0 ? null : sign > 0 ? 'above' : 'below',
      alert,
    },
    key,
  )
}
