import { join } from 'node:path'
import { isMatched } from '../../../pipelines/signals/events.ts'
import type { EventRecord } from '../../../plugins/records/event.ts'
import { run } from '../../connectors/ga4/support.ts'
import { absent, ROOT, real } from '../../e2e/real.ts'

const DAYS = ['20210111', '20210112', '20210113', '20210114']
const HOUR = 3_600_000_000

const path = (day: string) => `ga4/events_${day}.parquet`

/** Why there are none, in one line, or false. */
export const noRealHours = absent(path(DAYS[0]!))

/** Conversions, and the steps before one, of four days of the real export by their hour since 1970 in UTC. */
export async function realHours(): Promise<ReadonlyMap<number, readonly EventRecord[]>> {
  const all: EventRecord[] = []
  for (const day of DAYS) all.push(...(await run(join(ROOT, real(path(day))))).events)
  return byHour(all)
}

/** Those that signals look at, by their hour since 1970 in UTC. */
export function byHour(events: readonly EventRecord[]): ReadonlyMap<number, readonly EventRecord[]> {
  const hours = new Map<number, EventRecord[]>()
  for (const event of events) {
    if (!isMatched(event.event_name)) continue
    const hour = Math.floor(event.event_time / HOUR)
    const own = hours.get(hour) ?? []
    hours.set(hour, own)
    own.push(event)
  }
  return hours
}
