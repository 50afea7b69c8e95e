import t from 'tap'
import { app } from '../../../stratum.ts'
import { runThrough, withSource } from '../../support/engine.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { counting } from './thread-sources.ts'

t.test('a bad piece of data that ended a stream was a dead letter that nobody had read', async t => {
  const run = { source: counting, config: { how: 'payload' } }
  const { report, letters } = await runThrough(
    temporaryFolder(t),
    withSource(app, counting),
    run,
    async (stores, report) => {
      const warehouse = await stores.warehouse()
      const letters = await warehouse.query('SELECT reason, origin, payload_bytes FROM stratum.dead_letters')
      return { report, letters }
    },
  )
  t.same(report, { read: 4, deadLettered: 1 }, 'three rows, and what was bad')
  t.same(letters, [{ reason: 'half a file', origin: 'x.csv', payload_bytes: 3 }])
})
