import { connector, stream } from '../../plugins/contract.ts'
import { AdReportRecord } from '../../plugins/records/ad-report.ts'
import { PRIMARY_KEY } from './duplicates.ts'
import { listFiles, sampleOf, versionOf } from './files.ts'
import { findHeader } from './header.ts'
import { readReports } from './read.ts'
import { mappingOf, Settings } from './settings.ts'

export default connector({
  id: 'csv',
  title: 'CSV files of ad spend',
  version: '1.0.0',
  config: Settings,
  /** Reads the header of every file and compares it with the mapping. */
  async check({ config, signal }) {
    const mapping = await mappingOf(config)
    for (const file of await listFiles(config.path, () => {})) {
      if (signal.aborted) return
      await versionOf(file)
      findHeader(await sampleOf(file), mapping, file.name)
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
})
