import { fromMicros } from '../../../../plugins/money/index.ts'
import type { SiteWorld } from '../../../../plugins/simulator/world/site.ts'
import { addDays, later } from '../../../../plugins/sync/days.ts'
import { channelOf, type Visit, visitsOf } from './visits.ts'

/** Columns that the simulated reports have, and how a row's visits make their values. */
export const DIMENSION_OF: Readonly<Record<string, (visit: Visit, day: string) => string>> = {
  date: (_, day) => day.replaceAll('-', ''),
  sessionSource: visit => visit.source,
  sessionMedium: visit => visit.medium,
  sessionCampaignName: visit => visit.campaign,
  sessionDefaultChannelGroup: channelOf,
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

export const METRIC_OF: Readonly<
  Record<string, { readonly type: string; readonly of: (visits: readonly Visit[]) => string }>
> = {
  sessions: { type: 'TYPE_INTEGER', of: visits => String(visits.length) },
  totalUsers: { type: 'TYPE_INTEGER', of: visits => String(new Set(visits.map(v => v.clientId)).size) },
  keyEvents: { type: 'TYPE_FLOAT', of: visits => String(sum(visits.map(v => v.keyEvents))) },
  ecommercePurchases: {
    type: 'TYPE_INTEGER',
    of: visits => String(sum(visits.map(v => v.purchases.length))),
  },
  purchaseRevenue: {
    type: 'TYPE_CURRENCY',
    of: visits => fromMicros(sum(visits.flatMap(v => v.purchases.map(p => p.valueMicros)))),
  },
}

export interface ReportRow {
  readonly dimensions: readonly string[]
  readonly metrics: readonly string[]
}

export interface ReportAsked {
  /** What is known at which time. UTC microseconds. */
  readonly asOf: number
  readonly from: string
  readonly to: string
  readonly dimensions: readonly string[]
  readonly metrics: readonly string[]
  /** Rows of a day at most; what is beyond goes into one `(other)`. Null: no limit. */
  readonly most: number | null
}

/** The rows of a report in the order of their dimensions, and whether any went into `(other)`. */
export function reportRows(world: SiteWorld, asked: ReportAsked) {
  const { asOf, from, to, dimensions, metrics, most } = asked
  const rows: ReportRow[] = []
  let lost = false
  for (let day = later(from, world.firstDay); day <= to; day = addDays(day, 1)) {
    const groups = new Map<string, { names: readonly string[]; visits: Visit[] }>()
    for (const visit of visitsOf(world, day, asOf)) {
      const names = dimensions.map(name => DIMENSION_OF[name]!(visit, day))
      const key = JSON.stringify(names)
      const group = groups.get(key)
      if (group) group.visits.push(visit)
      else groups.set(key, { names, visits: [visit] })
    }
    const largest = [...groups.values()].sort((a, b) => b.visits.length - a.visits.length)
    const rest = most === null ? [] : largest.splice(most)
    if (rest.length > 0) {
      lost = true
      const names = dimensions.map((name, i) => (name === 'date' ? rest[0]!.names[i]! : '(other)'))
      largest.push({ names, visits: rest.flatMap(({ visits }) => visits) })
    }
    rows.push(
      ...largest
        .map(group => ({
          dimensions: group.names,
          metrics: metrics.map(m => METRIC_OF[m]!.of(group.visits)),
        }))
        .sort((a, b) => (a.dimensions.join('\0') < b.dimensions.join('\0') ? -1 : 1)),
    )
  }
  return { rows, lost }
}
