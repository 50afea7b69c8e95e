import { batchesOf } from '../log/batches.ts'
import type { EventLog } from '../log/port.ts'
import { tenantOf } from '../log/tenant.ts'
import { rawTopic } from '../stage/layout.ts'
import type { OperationContext } from './operation.ts'

/** So many of the latest records of a partition say which tenants are active. */
const LATEST = 5_000

/** Tenants that have rows in the warehouse or are among the latest that were read. */
export async function knownTenants(context: OperationContext): Promise<string[]> {
  const { app, log } = context.stores
  const found = new Set<string>(app.demo ? [app.demo.tenant] : [])
  for (const { id } of app.sources) await latest(log, rawTopic(id), found)
  const { database } = context.stores.options.warehouse
  const parts = app.tables.map(t => `SELECT DISTINCT tenant_id FROM ${database}.${t.name}`)
  try {
    const warehouse = await context.warehouse()
    const rows = await warehouse.query<{ tenant_id: string }>(
      parts.join(' UNION DISTINCT '),
      {},
      { readonly: true },
    )
    for (const { tenant_id } of rows) found.add(tenant_id)
  } catch {
    // A warehouse that is away must not keep anybody from pausing a tenant.
  }
  return [...found].sort()
}

async function latest(log: EventLog, topic: string, found: Set<string>): Promise<void> {
  const spec = (await log.topics()).find(t => t.name === topic)
  for (let partition = 0; partition < (spec?.partitions ?? 0); partition++) {
    const { end } = await log.bounds(topic, partition)
    for await (const { records } of batchesOf(log, topic, partition, end - LATEST))
      for (const { key } of records) found.add(tenantOf(key))
  }
}
