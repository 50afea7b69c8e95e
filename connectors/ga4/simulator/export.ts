import type { SiteWorld } from '../../../plugins/simulator/world/site.ts'
import { addDays, dayIn, startOfDay } from '../../../plugins/sync/index.ts'

/** A table of the export as it is at a time. */
export interface ExportedTable {
  readonly id: string
  /** `YYYY-MM-DD`. */
  readonly day: string
  /** When it was written, and what it holds is of. UTC microseconds. */
  readonly writtenAt: number
}

const HOUR_US = 3_600_000_000
const MINUTE_US = 60_000_000
/** A day's table is written in the morning after it, and again on the next two. */
const WRITTEN_AFTER_US = 6 * HOUR_US
const WRITINGS = 3

/** The tables that there are: daily ones, and intraday ones of days that have none yet. */
export function tablesAt(world: SiteWorld, now: number): ExportedTable[] {
  const tables: ExportedTable[] = []
  const today = dayIn(world.zone, now)
  for (let day = world.firstDay; day <= today; day = addDays(day, 1)) {
    const writings = Array.from(
      { length: WRITINGS },
      (_, n) => startOfDay(addDays(day, n + 1), world.zone) + WRITTEN_AFTER_US,
    ).filter(at => at <= now)
    const name = day.replaceAll('-', '')
    const writtenAt = writings.at(-1)
    tables.push(
      writtenAt === undefined
        ? { id: `events_intraday_${name}`, day, writtenAt: Math.floor(now / MINUTE_US) * MINUTE_US }
        : { id: `events_${name}`, day, writtenAt },
    )
  }
  return tables
}
