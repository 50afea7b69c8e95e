import { rowOf } from './event-row.ts'
import { tablesAt } from './export.ts'
import type { GA4Platform } from './platform.ts'
import { COLUMNS, type Column } from './schema.ts'

/** What a table holds. */
export interface TableContent {
  readonly writtenAt: number
  readonly rows: readonly Record<string, unknown>[]
  readonly columns: readonly Column[]
}

/** Tables whose rows are kept: a table is read page by page, and its rows are slow to make. */
const KEPT = 3
const kept = new WeakMap<GA4Platform, Map<string, TableContent>>()

/** The table as it is now; null where there is none of that name. */
export function contentOf(platform: GA4Platform, id: string): TableContent | null {
  const { world, faults, asOf } = platform
  const table = tablesAt(world, asOf()).find(t => t.id === id)
  if (!table) return null
  const ofPlatform = kept.get(platform) ?? new Map<string, TableContent>()
  kept.set(platform, ofPlatform)
  const key = `${id} ${table.writtenAt} ${faults.drift}`
  const known = ofPlatform.get(key)
  if (known) return known
  const rows = world.events(table.day, table.writtenAt).map(event => rowOf(world, table.day, event))
  if (faults.drift === 'retyped') for (const row of rows.slice(0, 3)) row.event_timestamp = 'soon'
  if (faults.drift === 'added') for (const row of rows) row.added_by_google = 'x'
  const content = { writtenAt: table.writtenAt, rows, columns: columnsOf(faults.drift) }
  ofPlatform.set(key, content)
  if (ofPlatform.size > KEPT) ofPlatform.delete(ofPlatform.keys().next().value!)
  return content
}

function columnsOf(drift: GA4Platform['faults']['drift']): readonly Column[] {
  if (drift === 'missing') return COLUMNS.filter(({ name }) => name !== 'device')
  if (drift === 'added') return [...COLUMNS, { name: 'added_by_google', type: 'STRING', mode: 'NULLABLE' }]
  return COLUMNS
}
