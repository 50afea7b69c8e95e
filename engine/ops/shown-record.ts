import { isoTime } from '../clock/iso.ts'
import type { Reader } from '../codec/codec.ts'
import { messageOf } from '../errors.ts'
import type { LogRecord } from '../log/port.ts'
import { tenantOf } from '../log/tenant.ts'

/** What is shown of a record, wherever it lies: its key, tenant and time, and its value decoded. */
export function shownRecord({ key, value, time, headers }: LogRecord, reader: Reader) {
  const { eventId = null, ...shown } = decoded(value, reader)
  return {
    key: key.toString(),
    tenant: belongsTo({ key, value }),
    time: isoTime(time),
    event_id: eventId,
    ...(headers ? { headers } : {}),
    ...shown,
  }
}

/** Tables of the engine's own are JSON; every record begins with the 0 of the Confluent wire format. */
const isTable = (bytes: Buffer | null) => bytes !== null && bytes[0] !== 0

/** The tenant of a record; none of a row of the engine's own tables. */
export const belongsTo = ({ key, value }: Pick<LogRecord, 'key' | 'value'>) =>
  isTable(value) ? null : tenantOf(key)

function decoded(bytes: Buffer | null, reader: Reader): Record<string, unknown> {
  if (bytes === null) return { kind: null, value: null }
  try {
    if (isTable(bytes)) return { kind: 'json', value: JSON.parse(bytes.toString()) as unknown }
    const { kind, value } = reader.decode(bytes)
    const fields = Object.entries(value).map(([name, of]) => [name, shown(of)])
    return { eventId: value.event_id, kind, value: Object.fromEntries(fields) }
  } catch (error) {
    return { kind: null, value: null, undecodable: messageOf(error) }
  }
}

/** Bytes are of dead letters: rows as they came, before anybody in them got a pseudonym. Their size is shown. */
const shown = (value: unknown): unknown =>
  value instanceof Uint8Array ? { hidden_bytes: value.length } : value
