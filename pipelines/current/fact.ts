import { deterministicId } from '../../engine/codec/ids.ts'
import { isCurrency } from '../../engine/currency.ts'
import { dateRefusal, timeRefusal } from '../ingest/checks.ts'
import type { Fact, Said } from './said.ts'

/** Why a saying cannot be, or null. */
export function saidRefusal<R extends object>(
  said: Said<R>,
  data: R,
  readAt: number,
  keptYears?: number,
): string | null {
  const day = said.day === undefined ? null : String(data[said.day])
  const currency = said.currency === undefined ? null : (data[said.currency] as string | null)
  return (
    timeRefusal(said.asOf, data[said.asOf] as number, readAt, keptYears) ??
    (day === null ? null : dateRefusal(said.day!, day, readAt, keptYears)) ??
    (currency === null || isCurrency(currency)
      ? null
      : `${said.currency} "${currency.slice(0, 20)}" is not one of ISO 4217`)
  )
}

export function saidFact<R extends object>(
  said: Said<R>,
  data: R,
  tenant: string,
  source: string,
  ingestTime: number,
): Fact<R> {
  const names = Object.keys(said.record.properties ?? {}) as (keyof R & string)[]
  const values = names.map(name => JSON.stringify(data[name] ?? null))
  const asOf = data[said.asOf] as number
  return {
    ...data,
    tenant_id: tenant,
    event_id: deterministicId(tenant, source, said.kind, ...values),
    event_time: said.day === undefined ? asOf : Date.parse(`${String(data[said.day])}T00:00:00Z`) * 1000,
    ingest_time: ingestTime,
    source,
  }
}
