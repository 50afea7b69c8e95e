import { fatalError } from '../../../plugins/errors.ts'
import { isCurrency } from '../../../plugins/money/index.ts'
import { dayIn } from '../../../plugins/sync/index.ts'
import type { Json } from '../fields.ts'

/** What everything of an account hangs on. */
export interface Account {
  /** Its number, without `act_`. */
  readonly id: string
  readonly currency: string
  /** IANA name. */
  readonly zone: string
  /** As the API gives it. */
  readonly row: Json
}

export const ACCOUNT_FIELDS =
  'id,account_id,name,account_status,currency,timezone_name,amount_spent,spend_cap,created_time'

/** @throws fatal: without currency or zone neither money nor days can be read */
export function accountOf(id: string, row: Json): Account {
  const { currency, timezone_name: zone } = row
  if (typeof currency !== 'string' || !isCurrency(currency))
    throw fatalError(
      `ad account ${id}: its currency ${JSON.stringify(currency) ?? 'is missing and'} is none of ISO 4217`,
    )
  if (typeof zone !== 'string' || !isZone(zone))
    throw fatalError(
      `ad account ${id}: its time zone ${JSON.stringify(zone) ?? 'is missing and'} is not known`,
    )
  return { id, currency, zone, row }
}

function isZone(name: string): boolean {
  try {
    dayIn(name, 0)
    return true
  } catch {
    return false
  }
}
