import { isoTime } from '../../engine/clock/iso.ts'
import { deterministicId } from '../../engine/codec/ids.ts'
import type { BaseRecord } from '../../engine/codec/kind.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { AUDIT_TOPIC, auditEntryKind } from './kinds.ts'
import { append, type Head } from './model/chain.ts'
import type { Private } from './model/commitment.ts'

export interface Audited extends Pick<BaseRecord, 'tenant_id' | 'event_time' | 'ingest_time'> {
  readonly kind: string
  /** Anything that JSON holds; of people only commitments. */
  readonly body: unknown
  /** What opens the commitments in the body. */
  readonly private?: Private | undefined
}

/** Writes an entry into the tenant's audit log. The state keeps where its chain has come to: no other stage may write. */
export function emitAudit(
  state: { audit: Head },
  ctx: Pick<StageContext, 'emit'>,
  { tenant_id, event_time, ingest_time, kind, body, private: kept = {} }: Audited,
): void {
  const { entry, head } = append(state.audit, { tenant: tenant_id, at: isoTime(event_time), kind, body })
  const { tenant: _, ...said } = entry
  state.audit = head
  ctx.emit(
    AUDIT_TOPIC,
    auditEntryKind,
    {
      tenant_id,
      event_id: deterministicId(tenant_id, 'audit', entry.seq),
      event_time,
      ingest_time,
      ...said,
      hash: head.hash,
      private: Object.keys(kept).length === 0 ? null : JSON.stringify(kept),
    },
    [tenant_id],
  )
}
