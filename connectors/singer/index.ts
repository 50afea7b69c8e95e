import { connector, stream } from '../../plugins/contract.ts'
import { OfferedStream, readCatalog } from './catalogue/stream.ts'
import { checkTap } from './check.ts'
import { readTap } from './read.ts'
import { TapRecord } from './record.ts'
import { Settings } from './settings.ts'

const singer = connector({
  id: 'singer',
  title: 'Any Singer tap',
  version: '1.0.0',
  config: Settings,
  check: checkTap,
  /** Without a catalog nothing is known of a tap before it sends. */
  discover: async ({ config }) => (config.catalog_option === 'none' ? ['records'] : ['catalog', 'records']),
  streams: {
    catalog: stream({
      title: 'What the tap offers',
      kind: null,
      schema: OfferedStream,
      primaryKey: ['tap_stream_id'],
      cursorField: null,
      read: readCatalog,
    }),
    records: stream({
      title: 'What the tap sends, of all its streams',
      kind: null,
      schema: TapRecord,
      primaryKey: ['sequence'],
      cursorField: 'sequence',
      read: readTap,
    }),
  },
  trial: () => import('./simulator/trial.ts'),
})

export default singer
