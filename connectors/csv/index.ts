import { connector, stream } from '../../plugins/contract.ts'
import { headOfText } from '../../plugins/files/text.ts'
import { AdReportRecord } from '../../plugins/records/ad-report.ts'
import { PRIMARY_KEY } from './duplicates.ts'
import { findHeader, SAMPLE_BYTES } from './header.ts'
import { readReports } from './read.ts'
import { mappingOf, Settings } from './settings.ts'
import { spendFiles } from './spend-files.ts'

// Named first: in an expression that is exported the compiler leaves the paths of `import()` as they are.
const csv = connector({
  id: 'csv',
  title: 'CSV files of ad spend',
  version: '1.0.0',
  config: Settings,
  /** Reads the header of every file and compares it with the mapping. */
  async check({ config, signal }) {
    const mapping = await mappingOf(config)
    for (const file of await spendFiles(config.path, () => {})) {
      if (signal.aborted) return
      findHeader(await headOfText(file, SAMPLE_BYTES), mapping, file.name)
    }
  },
  streams: {
    ad_reports: stream({
      title: 'What the files report of an ad and day',
      kind: 'ad_report',
      schema: AdReportRecord,
      primaryKey: PRIMARY_KEY,
      cursorField: 'date',
      read: readReports,
    }),
  },
  trial: () => import('./simulator/trial.ts'),
})

export default csv
