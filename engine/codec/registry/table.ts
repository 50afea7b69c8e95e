import { StratumError } from '../../errors.ts'
import type { EventLog } from '../../log/port.ts'
import { LogTable } from '../../log/table.ts'
import type { Entry } from './port.ts'

export const SCHEMAS_TOPIC = 'stratum.schemas'

/** A schema that was registered here. `of`: who gave its id, where that was not the log itself. */
export interface Registered extends Entry {
  readonly of?: 'registry'
}

/** The schemas of a log. */
export type Schemas = Pick<LogTable<Registered>, 'rows' | 'change' | 'follow' | 'refresh'>

export const openSchemas = (log: EventLog): Promise<Schemas> => LogTable.open<Registered>(log, SCHEMAS_TOPIC)

/** Ids are only what one authority gives: the records of a log cannot have them from two. */
export function refuseForeign(schemas: Schemas): void {
  const foreign = [...schemas.rows.values()].find(row => row.of === 'registry')
  if (foreign)
    throw new StratumError(
      'CONFIG_INVALID',
      `registry.url is not set, and the records of this log have ids of a schema registry (${foreign.subject} is ${foreign.id}): set STRATUM_REGISTRY__URL, or begin a new log.`,
    )
}
