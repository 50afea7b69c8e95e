import type { StageContext } from '../../engine/stage/stage.ts'
import type { EventFact } from '../ingest/facts.ts'

/** Refunds of one order, day and amount that one connector may tell: what is beyond is a repeat. */
const MOST_ALIKE = 20

/** Whether an order was told before, by another tag or connector. One without a transaction id is never known again. */
export function isKnownOrder({ tenant_id, transaction_id, ...event }: EventFact, ctx: StageContext): boolean {
  if (transaction_id === null) return false
  return ctx.first('orders', [tenant_id], event.event_date, transaction_id, event.ingest_time) !== 'new'
}

/**
 * Whether a refund was told before. An order may be refunded in parts, and two parts may be alike: of one order, day,
 * currency and amount there were as many refunds as the connector that tells most of them tells. The n-th of one connector
 * is the n-th of any other.
 */
export function isKnownRefund(event: EventFact, ctx: StageContext): boolean {
  const { tenant_id, source, event_date: date, ingest_time, transaction_id, value_micros, currency } = event
  if (transaction_id === null) return false
  const amount = value_micros === null ? '' : String(Math.abs(value_micros))
  for (let n = 1; n <= MOST_ALIKE; n++) {
    const nth = JSON.stringify([transaction_id, amount, currency ?? '', n])
    const ofSource = ctx.first('refunds', [tenant_id, source], date, nth, ingest_time)
    if (ofSource === 'seen') continue
    return ofSource === 'sealed' || ctx.first('refunds', [tenant_id], date, nth, ingest_time) !== 'new'
  }
  return true
}
