import { fatalError } from '../../../plugins/errors.ts'
import { isCurrency } from '../../../plugins/money/index.ts'
import { dayIn } from '../../../plugins/sync/index.ts'
import { text } from '../fields.ts'
import type { Json } from './exact-json.ts'

/** What everything of an account hangs on. */
export interface Customer {
  readonly id: string
  readonly currency: string
  /** IANA name. */
  readonly zone: string
  /** A manager account has clients and no figures. */
  readonly isManager: boolean
  /** The row of the query below. */
  readonly row: Json
}

export const CUSTOMER_QUERY =
  'SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone, customer.status, customer.manager FROM customer'

/** @throws fatal: without currency or zone neither money nor days can be read */
export function customerOf(id: string, row: Json | undefined): Customer {
  if (row === undefined) throw fatalError(`account ${id}: Google Ads says nothing of it`)
  const currency = text(row, 'customer.currencyCode')
  const zone = text(row, 'customer.timeZone')
  if (currency === null || !isCurrency(currency))
    throw fatalError(`account ${id}: its currency ${JSON.stringify(currency)} is none of ISO 4217`)
  if (zone === null || !isZone(zone))
    throw fatalError(`account ${id}: its time zone ${JSON.stringify(zone)} is not known`)
  return { id, currency, zone, isManager: text(row, 'customer.manager') === 'true', row }
}

function isZone(name: string): boolean {
  try {
    dayIn(name, 0)
    return true
  } catch {
    return false
  }
}
