import { connector, stream } from '../../plugins/contract.ts'
import { EventRecord } from '../../plugins/records/event.ts'
import { object, string } from '../../plugins/schema.ts'
import { check } from './check.ts'
import { readEvents } from './read.ts'

export default connector({
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
  check,
  streams: {
    events: stream({
      title: 'Events',
      kind: 'event',
      schema: EventRecord,
      primaryKey: ['event_key'],
      cursorField: null,
      read: readEvents,
    }),
  },
})
