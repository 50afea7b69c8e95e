import { rowOf } from './event-row.ts'
import { tablesAt } from './export.ts'
import { keeping } from './kept.ts'
import type { GA4Platform } from './platform.ts'
import { COLUMNS, type Column } from './schema.ts'

/** What a table holds. */
export interface TableContent {
  readonly writtenAt: number
  readonly rows: readonly Record<string, unknown>[]
  readonly columns: readonly Column[]
}

const kept = keeping<TableContent>(3)

/** The table as it is now; null where there is none of that name. */
export function contentOf(platform: GA4Platform, id: string): TableContent | null {
  const { world, faults, asOf } = platform
  const table = tablesAt(world, asOf()).find(t => t.id === id)
  if (!table) return null
  return kept(platform, `${id} ${table.writtenAt} ${faults.drift}`, () => {
    const rows = world.events(table.day, table.writtenAt).map(event => rowOf(world, table.day, event))
    if (faults.drift === 'retyped') for (const row of rows.slice(0, 3)) row.event_timestamp = 'soon'
    if (faults.drift === 'added') for (const row of rows) row.added_by_google = 'x'
    return { writtenAt: table.writtenAt, rows, columns: columnsOf(faults.drift) }
  })
}

function columnsOf(drift: GA4Platform['faults']['drift']): readonly Column[] {
  if (drift === 'missing') return COLUMNS.filter(({ name }) => name !== 'device')
  if (drift === 'added') return [...COLUMNS, { name: 'added_by_google', type: 'STRING', mode: 'NULLABLE' }]
  return COLUMNS
}
