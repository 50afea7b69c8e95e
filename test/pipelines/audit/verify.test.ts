import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { contextOf, itemsOf } from '../../../engine/cli/ask.ts'
import { isoTime } from '../../../engine/clock/iso.ts'
import { operations } from '../../../engine/ops/index.ts'
import { Engine } from '../../../engine/runtime/engine.ts'
import { openStores, type Stores } from '../../../engine/runtime/stores.ts'
import { SigningKey } from '../../../engine/signing.ts'
import { topicName } from '../../../engine/stage/layout.ts'
import { emitAudit } from '../../../pipelines/audit/emit.ts'
import { AUDIT_TOPIC, type AuditEntry, auditEntryKind } from '../../../pipelines/audit/kinds.ts'
import { type Head, noEntries } from '../../../pipelines/audit/model/chain.ts'
import { nextCheckpoint } from '../../../pipelines/audit/model/checkpoint.ts'
import { type AuditVerdict, verifyAudit } from '../../../pipelines/audit/verify.ts'
import { app } from '../../../stratum.ts'
import { engineOptions, standard } from '../../support/engine.ts'

const NOON = 1_768_478_400_000_000
const signing = SigningKey.of({ keys: Buffer.alloc(32, 1).toString('base64'), dataDir: null })!

/** Entries as the fold of a tenant writes them. */
function entries(tenant: string, n: number): AuditEntry[] {
  const state: { audit: Head } = { audit: noEntries() }
  const out: AuditEntry[] = []
  const ctx = { emit: (_: string, __: unknown, value: object) => void out.push(value as AuditEntry) }
  for (let i = 0; i < n; i++) {
    const time = NOON + i * 1_000_000
    emitAudit(state, ctx, {
      tenant_id: tenant,
      event_time: time,
      ingest_time: time,
      kind: 'TEST',
      body: { i },
    })
  }
  return out
}

async function write({ log, codec }: Stores, records: readonly AuditEntry[]): Promise<void> {
  const writer = await log.writer('test')
  const encoded = records.map(r => ({
    key: Buffer.from(r.tenant_id),
    value: codec.encode(auditEntryKind, r),
    time: r.ingest_time,
  }))
  await writer.commit({ appends: [{ topic: topicName(AUDIT_TOPIC), partition: 0, records: encoded }] })
  await writer.close()
}

/** Runs an engine over the entries until they are rows, then asks. */
async function verified(
  t: { readonly testdirName: string },
  records: readonly AuditEntry[],
  { damage, anchors }: { damage?: string; anchors?: string } = {},
): Promise<AuditVerdict[]> {
  mkdirSync(t.testdirName, { recursive: true })
  const release = { ...app({ ...standard, signing }), audit: verifyAudit }
  const stores = await openStores(
    release,
    engineOptions(mkdtempSync(join(t.testdirName, 'data-')), { signing }),
  )
  const engine = new Engine(stores)
  try {
    await engine.start()
    await write(stores, records)
    await engine.drain()
    const warehouse = await stores.warehouse()
    if (damage) await warehouse.command(damage, { mutations_sync: 2 })
    const context = contextOf(stores, engine)
    const found: AuditVerdict[] = []
    const asked = operations['verify.audit']!(context, { anchors }, new AbortController().signal)
    for await (const row of itemsOf(asked)) found.push(row as AuditVerdict)
    return found
  } finally {
    await engine.stop()
    await stores.close()
  }
}

const said = (rows: readonly AuditVerdict[]) =>
  rows.map(({ tenant, where, status, first_bad_seq }) => [tenant, where, status, first_bad_seq])

const checkpointAt = (record: AuditEntry) =>
  nextCheckpoint(
    null,
    { tenant: record.tenant_id, seq: record.seq, head: record.hash, at: isoTime(NOON + 60_000_000) },
    signing,
  )

t.test('in order in both places: unanchored without an anchor, never plain OK', async t => {
  const rows = await verified(t, [...entries('t1', 5), ...entries('t2', 3)])
  t.strictSame(said(rows), [
    ['t1', 'log', 'UNANCHORED', null],
    ['t1', 'warehouse', 'UNANCHORED', null],
    ['t2', 'log', 'UNANCHORED', null],
    ['t2', 'warehouse', 'UNANCHORED', null],
  ])
  t.strictSame(
    rows.map(({ entries }) => entries),
    [5, 5, 3, 3],
  )
})

t.test('with an anchor: OK, and what follows it is said not to be proven', async t => {
  const records = entries('t1', 5)
  const anchors = join(
    t.testdir({ 't1.ndjson': `${JSON.stringify(checkpointAt(records[2]!))}\n` }),
    't1.ndjson',
  )
  const rows = await verified(t, records, { anchors })
  t.strictSame(
    rows.map(({ status, detail }) => [status, detail]),
    Array(2).fill(['OK', 'proven up to entry 2; of the 2 after it nothing shows a rewrite or a cut']),
  )
})

t.test('rows of the warehouse changed or deleted are named, and the log is in order', async t => {
  const records = entries('t1', 5)
  const changed = `ALTER TABLE stratum.audit_log UPDATE body = '{"i":9}' WHERE seq = 3`
  t.strictSame(said(await verified(t, records, { damage: changed })), [
    ['t1', 'log', 'UNANCHORED', null],
    ['t1', 'warehouse', 'CHANGED', 3],
  ])
})

t.test('the newest rows deleted: the log knows them', async t => {
  const deleted = 'ALTER TABLE stratum.audit_log DELETE WHERE seq >= 3'
  t.strictSame(said(await verified(t, entries('t1', 5), { damage: deleted })), [
    ['t1', 'log', 'UNANCHORED', null],
    ['t1', 'warehouse', 'TRUNCATED', 3],
  ])
})

t.test('a log that was cut off before an anchor, or signed by a stranger, is told', async t => {
  const records = entries('t1', 5)
  const line = (n: number, more = {}) => `${JSON.stringify({ ...checkpointAt(records[n]!), ...more })}\n`
  const dir = t.testdir({
    kept: { 'a.ndjson': line(4), other: 'no anchor' },
    'forged.ndjson': line(4, { head: 'x' }),
    'none.ndjson': '{}\n',
  })
  const cut = await verified(t, records.slice(0, 3), { anchors: join(dir, 'kept') })
  t.strictSame(said(cut), [
    ['t1', 'log', 'TRUNCATED', 3],
    // It has all that the log gave it.
    ['t1', 'warehouse', 'UNANCHORED', null],
  ])
  const forged = await verified(t, records, { anchors: join(dir, 'forged.ndjson') })
  t.strictSame(said(forged), [
    ['t1', 'log', 'ANCHOR_INVALID', null],
    ['t1', 'warehouse', 'ANCHOR_INVALID', null],
  ])
  const none = verified(t, records, { anchors: join(dir, 'none.ndjson') })
  await t.rejects(none, { code: 'USAGE', message: /none\.ndjson:1/ })
})
