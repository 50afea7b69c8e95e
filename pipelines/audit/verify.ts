import { textArg } from '../../engine/ops/args.ts'
import type { Operation, OperationContext } from '../../engine/ops/operation.ts'
import { recordsOf } from '../../engine/ops/records.ts'
import { sinkGroup } from '../../engine/sink/inserter.ts'
import { topicName } from '../../engine/stage/layout.ts'
import { believed, readAnchors } from './anchors.ts'
import { AUDIT_TOPIC, type AuditEntry, auditEntryKind } from './kinds.ts'
import type { Anchor, Verdict } from './model/finding.ts'
import { ChainCheck, verifyChain } from './model/verify.ts'
import { checkpointsOf, entryOf, rowsOf } from './stored.ts'
import { auditLogTable } from './tables.ts'

/** What became of a tenant's audit log in one of the places where it is kept. */
export interface AuditVerdict {
  readonly tenant: string
  readonly where: 'log' | 'warehouse'
  readonly entries: number
  readonly head_seq: number
  readonly head: string
  /** OK: agrees with anchors kept elsewhere. UNANCHORED: in order, but whoever keeps it may have made it so. */
  readonly status: string
  readonly first_bad_seq: number | null
  readonly detail: string
}

interface Chain {
  readonly check: ChainCheck
  /** The last entry that has to be in the warehouse. */
  inserted: Anchor | null
}

/**
 * Checks every tenant's chain where it is written (the log) and where it is read (the warehouse), against the log's own
 * checkpoints and those kept elsewhere. Arguments: `tenant`, `anchors` (path of a file or folder).
 */
export const verifyAudit: Operation = async function* (context, args, signal) {
  const only = textArg(args, 'tenant')
  const path = textArg(args, 'anchors')
  const outside = path === undefined ? null : readAnchors(path)
  const own = await checkpointsOf(context.stores, signal)
  const known = context.stores.options.signing ?? null
  const statements = (tenant: string) => {
    const [ours, others] = [
      believed(own.get(tenant) ?? [], known),
      believed(outside?.get(tenant) ?? [], known),
    ]
    const anchors = [...ours.anchors, ...others.anchors]
    return { anchors, outside: others.anchors, wrong: [...others.wrong, ...ours.wrong] }
  }
  const chains = await chainsOf(context, only, tenant => statements(tenant).anchors, signal)
  const tenants = new Set([
    ...chains.keys(),
    ...own.keys(),
    ...(outside?.keys() ?? []),
    ...(await inWarehouse(context)),
  ])
  for (const tenant of [...tenants].sort()) {
    if (only !== undefined && tenant !== only) continue
    const chain = chains.get(tenant)
    const said = statements(tenant)
    const check = chain?.check ?? new ChainCheck(tenant, said)
    yield verdictOf('log', check.end(), said)
    const last = chain?.inserted ?? null
    const due = said.anchors.filter(({ seq }) => chain === undefined || (last !== null && seq <= last.seq))
    const warehouse = await context.warehouse()
    const rows = rowsOf(warehouse, context.stores.options.warehouse.database, tenant)
    const anchors = last === null ? due : [...due, last]
    yield verdictOf('warehouse', await verifyChain(tenant, rows, { anchors }), said)
  }
}

async function chainsOf(
  { stores }: OperationContext,
  only: string | undefined,
  anchorsOf: (tenant: string) => readonly Anchor[],
  signal: AbortSignal,
): Promise<Map<string, Chain>> {
  const topic = topicName(AUDIT_TOPIC)
  const chains = new Map<string, Chain>()
  const positions = new Map<number, number>()
  for await (const { partition, offset, isCut, kind, value } of recordsOf<AuditEntry>(
    stores,
    AUDIT_TOPIC,
    signal,
  )) {
    const { tenant_id: tenant } = value
    if (kind !== auditEntryKind.name || (only !== undefined && tenant !== only)) continue
    if (!positions.has(partition))
      positions.set(
        partition,
        (await stores.log.position(sinkGroup(auditLogTable.name), topic, partition)) ?? 0,
      )
    let chain = chains.get(tenant)
    if (!chain) {
      const from = isCut ? ({ from: 'unknown' } as const) : {}
      chain = { check: new ChainCheck(tenant, { anchors: anchorsOf(tenant), ...from }), inserted: null }
      chains.set(tenant, chain)
    }
    const entry = entryOf(value)
    chain.check.push(entry)
    if (offset < positions.get(partition)!) chain.inserted = { seq: entry.seq, head: entry.hash }
  }
  return chains
}

async function inWarehouse(context: OperationContext): Promise<string[]> {
  const warehouse = await context.warehouse()
  const { database } = context.stores.options.warehouse
  const rows = await warehouse.query<{ tenant_id: string }>(
    `SELECT DISTINCT tenant_id FROM ${database}.${auditLogTable.name}`,
  )
  return rows.map(({ tenant_id }) => tenant_id)
}

function verdictOf(
  where: AuditVerdict['where'],
  { tenant, entries, head, findings, anchored }: Verdict,
  { outside, wrong }: { readonly outside: readonly Anchor[]; readonly wrong: readonly string[] },
): AuditVerdict {
  const [first] = findings
  const newest = outside.reduce((seq, anchor) => Math.max(seq, anchor.seq), -1)
  const isAnchored = newest >= 0 && anchored !== null && outside.some(({ seq }) => seq <= anchored)
  const status = first?.what ?? (wrong.length > 0 ? 'ANCHOR_INVALID' : isAnchored ? 'OK' : 'UNANCHORED')
  const interval = first !== undefined && first.last > first.first ? ` (${first.first} to ${first.last})` : ''
  const detail = first
    ? `${first.why}${interval}`
    : (wrong[0] ?? (isAnchored ? afterAnchor(newest, head.seq) : UNPROVEN))
  const first_bad_seq = first?.first ?? null
  return { tenant, where, entries, head_seq: head.seq, head: head.hash, status, first_bad_seq, detail }
}

const UNPROVEN =
  'in order, but no anchor kept elsewhere was given: that it was not rewritten or cut off is not proven (--anchors)'

const afterAnchor = (anchor: number, head: number): string =>
  `proven up to entry ${anchor}; of ${head > anchor ? `the ${head - anchor} after it` : 'what may have followed it'} nothing shows a rewrite or a cut`
