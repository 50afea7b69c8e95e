import type { TimeSlice } from '../../plugins/sync/index.ts'

/** What changed in a slice: `SystemModstamp` is set by the system alone, unlike `LastModifiedDate`. */
export function within({ from, to }: TimeSlice): string {
  const since = from === null ? '' : `SystemModstamp >= ${literal(from)} AND `
  return `${since}SystemModstamp <= ${literal(to)}`
}

export const select = (fields: readonly string[], object: string, where: string): string =>
  `SELECT ${fields.join(', ')} FROM ${object} WHERE ${where}`

/** A dateTime literal: not quoted, in UTC. @param micros UTC microseconds */
export const literal = (micros: number): string => new Date(Math.floor(micros / 1000)).toISOString()
