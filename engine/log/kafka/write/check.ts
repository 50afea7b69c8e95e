import { StratumError } from '../../../errors.ts'
import { type CommitUnit, MAX_STATE_KEY_BYTES } from '../../port.ts'

/** What a record may have with its key and headers: under `message.max.bytes`, with room for what frames it. */
export const MAX_RECORD_BYTES = 3_900_000

/**
 * What no try would ever write.
 * @throws RECORD_INVALID
 */
export function checkUnit(unit: CommitUnit): void {
  for (const { topic, partition, records } of unit.appends ?? [])
    for (const { key, value, headers } of records) {
      let bytes = key.length + (value?.length ?? 0)
      for (const name in headers) bytes += name.length + Buffer.byteLength(headers[name]!)
      if (bytes > MAX_RECORD_BYTES) throw tooLarge(`${topic}/${partition}: a record`, bytes)
    }
  for (const { store, changes } of unit.state ?? [])
    for (const { key, value } of changes) {
      if (key.length > MAX_STATE_KEY_BYTES)
        throw new StratumError(
          'RECORD_INVALID',
          `${store}: a key of state has ${key.length} bytes, at most ${MAX_STATE_KEY_BYTES} can be stored.`,
        )
      const bytes = store.length + key.length + (value?.length ?? 0)
      if (bytes > MAX_RECORD_BYTES) throw tooLarge(`${store}: a value of state`, bytes)
    }
}

const tooLarge = (what: string, bytes: number) =>
  new StratumError(
    'RECORD_INVALID',
    `${what} has ${bytes} bytes, and Kafka takes ${MAX_RECORD_BYTES} at most: its source has to write less at once.`,
  )
