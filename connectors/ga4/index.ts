import { connector, type StreamContext, stream } from '../../plugins/contract.ts'
import { EventRecord } from '../../plugins/records/event.ts'
import { object, string } from '../../plugins/schema.ts'
import type { Ga4State } from './state.ts'

// What reads is loaded when something is read: every command declares this connector, few read with it.
// Named first: in an expression that is exported the compiler leaves the paths of `import()` as they are.
const ga4 = connector({
  id: 'ga4',
  title: 'Google Analytics 4 (BigQuery export files)',
  version: '1.0.0',
  config: object({
    path: string({
      title: 'File or folder',
      description:
        'One export file, or a folder with a file a table: events_YYYYMMDD or events_intraday_YYYYMMDD with ' +
        '.parquet, .json or .ndjson (the latter two optionally with .gz)',
      minLength: 1,
    }),
  }),
  check: async context => (await import('./check.ts')).check(context),
  streams: {
    events: stream({
      title: 'Events',
      kind: 'event',
      schema: EventRecord,
      primaryKey: ['event_key'],
      cursorField: null,
      async *read(context: StreamContext<{ readonly path: string }, Ga4State>) {
        const { readEvents } = await import('./read.ts')
        yield* readEvents(context)
      },
    }),
  },
})

export default ga4
