import { fatalError } from '../../../plugins/errors.ts'
import { isCurrency } from '../../../plugins/money/index.ts'
import { dayIn } from '../../../plugins/sync/index.ts'
import type { Json } from './envelope.ts'

/** What everything of an account hangs on. */
export interface Account {
  readonly id: string
  readonly currency: string
  /** IANA name. */
  readonly zone: string
  /** As the API gives it. */
  readonly row: Json
}

/** @throws fatal: without currency or zone neither money nor days can be read */
export function accountOf(row: Json): Account {
  const { id, currency, timezone } = row
  if (typeof id !== 'string') throw fatalError('an ad account has no id')
  if (typeof currency !== 'string' || !isCurrency(currency))
    throw fatalError(`ad account ${id}: its currency ${JSON.stringify(currency)} is none of ISO 4217`)
  if (typeof timezone !== 'string' || !isZone(timezone))
    throw fatalError(`ad account ${id}: its time zone ${JSON.stringify(timezone)} is not known`)
  return { id, currency, zone: timezone, row }
}

function isZone(name: string): boolean {
  try {
    dayIn(name, 0)
    return true
  } catch {
    return false
  }
}
