import { isoTime } from '../../engine/clock/iso.ts'
import { recordsOf } from '../../engine/ops/records.ts'
import type { Stores } from '../../engine/runtime/stores.ts'
import type { Warehouse } from '../../engine/store/warehouse.ts'
import { type AuditCheckpoint, type AuditEntry, auditCheckpointKind, CHECKPOINTS_TOPIC } from './kinds.ts'
import type { Checkpoint } from './model/checkpoint.ts'
import type { StoredEntry } from './model/verify.ts'
import { auditLogTable } from './tables.ts'

/** An entry of the log. What its time is said to be must be its time. */
export const entryOf = (record: AuditEntry): StoredEntry => ({
  v: record.v,
  tenant: record.tenant_id,
  seq: Number(record.seq),
  at: isoTime(Number(record.event_time)),
  kind: record.kind,
  body: record.body,
  prev: record.prev,
  hash: record.hash,
  private: record.private,
})

/** The log's own checkpoints, by tenant, in their order. */
export async function checkpointsOf(
  stores: Pick<Stores, 'log' | 'codec' | 'layout'>,
  signal: AbortSignal,
): Promise<Map<string, Checkpoint[]>> {
  const found = new Map<string, Checkpoint[]>()
  for await (const { kind, value } of recordsOf<AuditCheckpoint>(stores, CHECKPOINTS_TOPIC, signal)) {
    if (kind !== auditCheckpointKind.name) continue
    const { tenant_id: tenant, event_id: _, event_time: __, ingest_time: ___, ...said } = value
    found.set(tenant, [...(found.get(tenant) ?? []), { ...said, tenant, seq: Number(said.seq) }])
  }
  return found
}

const AT_ONCE = 5_000

type Row = Pick<StoredEntry, 'kind' | 'body' | 'prev' | 'hash' | 'private'> & {
  readonly v: number
  readonly s: number | string
  readonly micros: number | string
  readonly p: number
  readonly o: number | string
}

/** A tenant's rows in the warehouse, by seq: rows have no other order there. */
export async function* rowsOf(
  warehouse: Warehouse,
  database: string,
  tenant: string,
): AsyncGenerator<StoredEntry> {
  let after: Pick<Row, 's' | 'p' | 'o'> | null = null
  for (;;) {
    const rows: Row[] = await warehouse.query<Row>(
      `SELECT v, seq AS s, toUnixTimestamp64Micro(at) AS micros, kind, body, prev, hash, private, _partition AS p, _offset AS o FROM ${database}.${auditLogTable.name} WHERE tenant_id = {tenant:String}${after === null ? '' : ' AND (seq, _partition, _offset) > ({s:UInt64}, {p:UInt32}, {o:UInt64})'} ORDER BY seq, _partition, _offset LIMIT ${AT_ONCE}`,
      { tenant, ...after },
    )
    for (const { v, s, micros, kind, body, prev, hash, private: kept } of rows)
      yield { v, tenant, seq: Number(s), at: isoTime(Number(micros)), kind, body, prev, hash, private: kept }
    const last = rows.at(-1)
    if (last === undefined || rows.length < AT_ONCE) return
    after = { s: last.s, p: last.p, o: last.o }
  }
}
