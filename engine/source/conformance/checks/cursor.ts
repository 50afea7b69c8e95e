import type { StreamSpec } from '../../port.ts'
import type { Check } from '../check.ts'
import { keyOf, type Row } from '../compare.ts'
import { count, failed, inapplicable } from '../result.ts'

/** As often a stream is read again with nothing new there. */
const AGAIN = 2

/**
 * Pages of a slice may come in any order, and history is read again on purpose, so that records alone do not show
 * whether a cursor goes back. What a state leads to does: with nothing new, a run never reads what the run before
 * it did not.
 */
export const cursor: Check = {
  name: 'cursor',
  title: 'the cursor never goes back',
  async run(lab) {
    const { bench, streams, reads } = await lab.reading()
    const withCursor = streams.filter(stream => stream.cursorField !== null)
    for (const stream of withCursor)
      comparable(
        stream,
        reads.get(stream.name)!.flatMap(batch => batch.records),
      )
    for (const stream of streams) {
      let state: unknown = reads.get(stream.name)!.at(-1)?.state ?? null
      let before: Set<string> | null = null
      for (let run = 0; run <= AGAIN; run++) {
        const read = await bench.through(stream, { state })
        const keys = new Set(read.records.map(record => keyOf(stream, record)))
        const earlier = before
        const more = earlier === null ? [] : [...keys].filter(key => !earlier.has(key))
        if (more.length > 0)
          failed(
            `${stream.name}: with nothing new there, a run read ${count(more.length, 'record')} that the run before it had behind it`,
          )
        before = keys
        state = read.state
      }
    }
    if (streams.length === 0) inapplicable('it has no stream')
    return `${count(withCursor.length, 'stream')} of ${streams.length} with a cursor`
  },
}

/** The field is there in every record, and of one type that can be ordered. */
function comparable({ name, schema, cursorField }: StreamSpec, records: readonly Row[]): void {
  const field = cursorField!
  if (schema.properties?.[field] === undefined) failed(`${name}: its schema has no cursor field ${field}`)
  const types = new Set<string>()
  for (const record of records) {
    const value = record[field]
    if (value === undefined || value === null)
      failed(`${name}: a record has no ${field}, which is its cursor`)
    types.add(typeof value)
  }
  const wrong = [...types].find(type => type !== 'string' && type !== 'number')
  if (wrong !== undefined) failed(`${name}: the cursor ${field} is of type ${wrong}`)
  if (types.size > 1) failed(`${name}: the cursor ${field} is of several types: ${[...types].join(', ')}`)
}
