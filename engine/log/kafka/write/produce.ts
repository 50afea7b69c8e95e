import type { CommitUnit, LogRecord } from '../../port.ts'
import { MICROS_HEADER } from '../records/headers.ts'
import type { RdProducer } from './rdkafka.ts'

/** An empty buffer of its own has no address, and would be written as null. */
const EMPTY = Buffer.from(' ').subarray(0, 0)

/** What the producer takes for the bytes of a key or value. */
export const payload = (bytes: Buffer | null): Buffer | null => (bytes?.length === 0 ? EMPTY : bytes)

/** Hands the records of a unit to the producer. The bytes they have. */
export function produceRecords(producer: RdProducer, unit: CommitUnit): number {
  let bytes = 0
  for (const { topic, partition, records } of unit.appends ?? [])
    for (const record of records) {
      const { key, value, time } = record
      bytes += key.length + (value?.length ?? 0) + 80
      // A timestamp of 0 would be replaced by the time of the day.
      const ms = Math.max(1, Math.floor(time / 1000))
      const micros = time - ms * 1000
      const [k, v] = [payload(key), payload(value)]
      if (micros === 0 && record.headers === undefined) producer.produce(topic, partition, v, k, ms)
      else producer.produce(topic, partition, v, k, ms, undefined, headersOf(record, micros))
    }
  return bytes
}

function headersOf({ headers = {} }: LogRecord, micros: number): Record<string, string>[] {
  const out = Object.entries(headers).map(([name, value]) => ({ [name]: value }))
  if (micros !== 0) out.push({ [MICROS_HEADER]: String(micros) })
  return out
}
