import type { Check } from '../check.ts'
import { shown } from '../compare.ts'
import { mismatch } from '../match.ts'
import { count, failed } from '../result.ts'

export const records: Check = {
  name: 'records',
  title: 'records match the declared schema',
  async run(lab) {
    const { streams, reads } = await lab.reading()
    const accepts = await lab.accepts()
    let read = 0
    let rejected = 0
    const empty: string[] = []
    for (const stream of streams) {
      const batches = reads.get(stream.name)!
      const rows = batches.flatMap(batch => batch.records)
      for (const row of rows) {
        // That is another check's.
        if (stream.primaryKey.some(field => row[field] === undefined)) continue
        const problem = accepts(stream, row) ?? mismatch(stream, row)
        if (problem) failed(`${problem} (record with ${shown(stream, row)})`)
      }
      read += rows.length
      rejected += batches.reduce((sum, batch) => sum + (batch.rejected?.length ?? 0), 0)
      if (rows.length === 0) empty.push(stream.name)
    }
    if (read === 0) failed('its trial gives no record of any stream')
    const nothing = empty.length > 0 ? `, none of ${empty.join(', ')}` : ''
    return `${count(read, 'record')}, ${count(rejected, 'rejected row')}${nothing}`
  },
}
