import { StratumError } from '../../errors.ts'

export const incompatible = (subject: string, why: string) =>
  new StratumError(
    'SCHEMA_INCOMPATIBLE',
    `Schema ${subject} cannot read records already written (${why}). Give new fields a default, and keep the old ones or their aliases.`,
  )

export const unknownId = (id: number, why = 'the record was not written through this registry') =>
  new StratumError('SCHEMA_UNKNOWN', `No schema has id ${id}: ${why}.`)
