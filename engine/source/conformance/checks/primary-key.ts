import type { StreamSpec } from '../../port.ts'
import type { Check } from '../check.ts'
import { keyOf, type Row, shown } from '../compare.ts'
import { count, failed } from '../result.ts'

export const primaryKey: Check = {
  name: 'primary-key',
  title: 'the primary key is declared, present and unique',
  async run(lab) {
    const { streams, reads } = await lab.reading()
    let keys = 0
    for (const stream of streams)
      keys += keysOf(
        stream,
        reads.get(stream.name)!.flatMap(batch => batch.records),
      ).size
    return count(keys, 'key')
  },
}

/** The keys of a stream's records. @throws Nonconformity: one is not declared, not there or there twice */
export function keysOf(stream: StreamSpec, records: readonly Row[]): Set<string> {
  const { name, schema } = stream
  if (stream.primaryKey.length === 0) failed(`${name} declares no primary key`)
  const foreign = stream.primaryKey.find(field => schema.properties?.[field] === undefined)
  if (foreign !== undefined) failed(`${name}: its schema has no primary key field ${foreign}`)
  const seen = new Set<string>()
  for (const record of records) {
    const missing = stream.primaryKey.find(field => record[field] === undefined)
    if (missing !== undefined) failed(`${name}: a record has no ${missing}, which is of the primary key`)
    if (stream.primaryKey.every(field => record[field] === null || record[field] === ''))
      failed(`${name}: the primary key of a record is empty`)
    const key = keyOf(stream, record)
    if (seen.has(key)) failed(`${name}: two records have ${shown(stream, record)}`)
    seen.add(key)
  }
  return seen
}
