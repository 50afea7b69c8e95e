import type { Tick } from '../../engine/clock/tick.ts'
import { deterministicId } from '../../engine/codec/ids.ts'
import { type BaseRecord, defineKind, field } from '../../engine/codec/kind.ts'
import type { StageContext } from '../../engine/stage/stage.ts'

/**
 * A fold has come past a tick: all it writes of what was before it lies before this. Whoever has this of every partition
 * has seen all that was before the tick.
 */
export interface TimePassed extends BaseRecord {
  readonly tick_id: string
  /** UTC microseconds. */
  readonly watermark: number
  readonly final: boolean
  /** The partition that was read to there. */
  readonly part: number
  /** Partitions there are. */
  readonly parts: number
}

export const timePassedKind = defineKind<TimePassed>('time_passed', [
  field('tick_id', 'string'),
  field('watermark', 'long', 'UTC microseconds'),
  field('final', 'boolean'),
  field('part', 'int', 'The partition that was read to there'),
  field('parts', 'int', 'Partitions there are'),
])

/** That the partition in hand has been read up to a tick. */
export function timePassed(
  of: Pick<Tick, 'tenant_id' | 'event_time' | 'ingest_time' | 'watermark' | 'final'>,
  tick_id: string,
  { input: { partition, partitions } }: Pick<StageContext, 'input'>,
): TimePassed {
  const { tenant_id, event_time, ingest_time, watermark, final } = of
  return {
    tenant_id,
    event_id: deterministicId(tenant_id, tick_id, 'passed', partition),
    ...{ event_time, ingest_time, tick_id, watermark, final },
    part: partition,
    parts: partitions,
  }
}

/** Ticks that some partitions have come past and others not, the oldest first. */
export type Waiting = { readonly id: string; readonly parts: readonly number[] }[]

/** What is told by a part of the partitions only, as by folds that began later, is not waited for any longer. */
const MOST_WAITING = 16

/** Notes that a partition has come past a tick. @returns whether all of them have now; then it is waited for no more */
export function allPassed(waiting: Waiting, { tick_id, part, parts }: TimePassed): boolean {
  const at = waiting.findIndex(({ id }) => id === tick_id)
  const before = waiting[at]?.parts ?? []
  const now = before.includes(part) ? before : [...before, part]
  if (now.length >= parts) {
    if (at >= 0) waiting.splice(at, 1)
    return true
  }
  if (at >= 0) waiting[at] = { id: tick_id, parts: now }
  else waiting.push({ id: tick_id, parts: now })
  if (waiting.length > MOST_WAITING) waiting.shift()
  return false
}
