import { configError } from '../../plugins/errors.ts'
import type { FileEntry } from '../../plugins/files/listing.ts'

export const notAnExport = (file: FileEntry) =>
  configError(`${file.name} is no GA4 export: neither Parquet nor JSON nor NDJSON`, '/path')

export const noExports = (path: string, empty: boolean) =>
  configError(
    empty
      ? `${path} is an empty folder: put the exported tables there (events_YYYYMMDD.parquet, .json or .ndjson)`
      : `${path} holds no export tables: their names are events_YYYYMMDD with .parquet, .json or .ndjson`,
    '/path',
  )
