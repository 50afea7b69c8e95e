import { type Tick, tickKind } from '../clock/tick.ts'
import { isOfTicker } from '../clock/ticker.ts'
import type { Reader } from '../codec/codec.ts'
import { commandKind } from '../command/command.ts'
import { type DeadLetter, deadLetterKind } from '../deadletter/dead-letter.ts'
import type { StoredRecord } from '../log/port.ts'

/**
 * Whether a record that no fold wrote is one that others write to the topics of tasks: the time of live tenants, a
 * command, a record that a dead letter was replayed as, the letter of a table.
 */
export function fromElsewhere({ value, headers }: StoredRecord, reader: Reader): boolean {
  if (headers?.only !== undefined) return true
  if (value === null) return false
  try {
    const kind = reader.kindOf(value)
    if (kind === tickKind.name) return isOfTicker(reader.decode(value).value as unknown as Tick)
    if (kind === commandKind.name) return true
    if (kind !== deadLetterKind.name) return false
    return (reader.decode(value).value as unknown as DeadLetter).generation !== null
  } catch {
    // Nobody here can read it: it is told of as what it is.
    return false
  }
}
