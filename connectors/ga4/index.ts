import { connector, type StreamContext, stream } from '../../plugins/contract.ts'
import { EventRecord } from '../../plugins/records/event.ts'
import { BigQuery } from './bigquery/client.ts'
import { bigQuerySettings, Settings } from './settings.ts'
import type { Ga4State } from './state.ts'

// What reads is loaded when something is read: every command declares this connector, few read with it.
// Named first: in an expression that is exported the compiler leaves the paths of `import()` as they are.
const ga4 = connector({
  id: 'ga4',
  title: 'Google Analytics 4 (BigQuery export)',
  version: '1.1.0',
  config: Settings,
  /** Null: the export is read from files. */
  client(context): BigQuery | null {
    const settings = bigQuerySettings(context.config)
    return settings && new BigQuery(context, settings)
  },
  check: async context => (await import('./check.ts')).check(context),
  streams: {
    events: stream({
      title: 'Events',
      kind: 'event',
      schema: EventRecord,
      primaryKey: ['event_key'],
      cursorField: null,
      async *read(context: StreamContext<Settings, Ga4State, BigQuery | null>) {
        const { path } = context.config
        if (context.client !== null) {
          const { readTables } = await import('./bigquery/read.ts')
          yield* readTables({ ...context, notice: line => context.notice(line) }, context.client)
        } else if (path !== undefined) {
          const { readEvents } = await import('./read.ts')
          yield* readEvents(context, path)
        }
      },
    }),
  },
  trial: () => import('./simulator/trial.ts'),
})

export default ga4
