import type { Durability } from '../log/lmdb/env.ts'
import type { Warehouse } from '../store/warehouse.ts'

/** Parts, and the renames that make them part of the table, are on disk before an insert is acknowledged. */
const FLUSH = ['fsync_after_insert', 'fsync_part_directory'] as const

/**
 * Makes tables survive what the log survives. The setting belongs to the table and stays with it, so a data
 * directory that was made otherwise is changed. Merged parts need none: their sources are kept for minutes.
 */
export async function setDurability(
  warehouse: Warehouse,
  database: string,
  tables: readonly { readonly name: string }[],
  durability: Durability,
): Promise<void> {
  const found = await warehouse.query<{ name: string; engine_full: string }>(
    'SELECT name, engine_full FROM system.tables WHERE database = {database:String}',
    { database },
  )
  const power = durability === 'power'
  for (const { name } of tables) {
    const settings = found.find(t => t.name === name)?.engine_full ?? ''
    const flushes = FLUSH.map(setting => settings.includes(`${setting} = 1`))
    if (flushes.every(is => is === power)) continue
    const change = power
      ? `MODIFY SETTING ${FLUSH.map(s => `${s} = 1`).join(', ')}`
      : `RESET SETTING ${FLUSH.join(', ')}`
    await warehouse.command(`ALTER TABLE ${database}.${name} ${change}`)
  }
}
