import { connector, type StreamContext, stream } from '../../plugins/contract.ts'
import { configError } from '../../plugins/errors.ts'
import { EventRecord } from '../../plugins/records/event.ts'
import { BigQuery } from './bigquery/client.ts'
import { type Client, clientOf } from './client.ts'
import { webReports } from './data-api/stream.ts'
import { readFrom, Settings } from './settings.ts'
import type { Ga4State } from './state.ts'

// What reads is loaded when something is read: every command declares this connector, few read with it.
// Named first: in an expression that is exported the compiler leaves the paths of `import()` as they are.
const ga4 = connector({
  id: 'ga4',
  title: 'Google Analytics 4 (BigQuery export, or reports of the Data API)',
  version: '1.2.0',
  config: Settings,
  client: clientOf,
  check: async context => (await import('./check.ts')).check(context),
  /** An export has events, the Data API reports. */
  discover: async ({ config }) => [readFrom(config).from === 'data_api' ? 'web_reports' : 'events'],
  streams: {
    events: stream({
      title: 'Events',
      kind: 'event',
      schema: EventRecord,
      primaryKey: ['event_key'],
      cursorField: null,
      async *read(context: StreamContext<Settings, Ga4State, Client>) {
        const { path } = context.config
        if (context.client instanceof BigQuery) {
          const { readTables } = await import('./bigquery/read.ts')
          yield* readTables({ ...context, notice: line => context.notice(line) }, context.client)
        } else if (path !== undefined) {
          const { readEvents } = await import('./read.ts')
          yield* readEvents(context, path)
        } else {
          throw configError('is missing: events are read from files or BigQuery', '/path')
        }
      },
    }),
    web_reports: webReports,
  },
  trial: () => import('./simulator/trial.ts'),
})

export default ga4
