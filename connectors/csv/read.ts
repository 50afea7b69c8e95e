import { createHash } from 'node:crypto'
import type { ReadBatch, StreamContext } from '../../plugins/contract.ts'
import { fatalError, RetryableError } from '../../plugins/errors.ts'
import type { AdReportRecord } from '../../plugins/records/ad-report.ts'
import { type FileVersion, listFiles, versionOf } from './files.ts'
import type { Mapping } from './mapping.ts'
import { type Position, readFile } from './read-file.ts'
import { mappingOf, type Settings } from './settings.ts'

interface FileState extends Position {
  /** Of the file and the mapping it was read by: when either changes, the file is read anew. */
  readonly fingerprint: string
  readonly done: boolean
}

export interface State {
  readonly version: 1
  readonly files: Readonly<Record<string, FileState>>
}

const START: Position = { rows: 0, sums: 0 }

/** All reports of a file or folder, file by file in the order of their names, rows in theirs. */
export async function* readReports(
  context: StreamContext<Settings, State>,
): AsyncGenerator<ReadBatch<AdReportRecord, State>> {
  const { state, signal, notice } = context
  if (state && state.version !== 1)
    throw fatalError(`csv: state of version ${state.version}, this reads version 1`)
  const mapping = await mappingOf(context.config)
  const list = await listFiles(context.config.path, notice)
  // Files that are gone are forgotten, so that the state does not grow for ever.
  const known = new Set(list.map(({ name }) => name))
  let files: State['files'] = Object.fromEntries(
    Object.entries(state?.files ?? {}).filter(([n]) => known.has(n)),
  )
  for (const file of list) {
    if (signal.aborted) return
    const version = await versionOf(file)
    const fingerprint = fingerprintOf(version, mapping)
    const before = files[file.name]?.fingerprint === fingerprint ? files[file.name] : undefined
    if (before?.done) continue
    let at: Position = before ?? START
    const parts = readFile({ file, mapping, modified: version.modified, from: at, signal, notice })
    for await (const { records, rejected, rows, sums } of parts) {
      at = { rows, sums }
      files = { ...files, [file.name]: { fingerprint, ...at, done: false } }
      yield { records, rejected, state: { version: 1, files } }
      if (signal.aborted) return
    }
    if (signal.aborted) return
    if (fingerprintOf(await versionOf(file), mapping) !== fingerprint)
      throw new RetryableError(`${file.name} changed while it was read`)
    files = { ...files, [file.name]: { fingerprint, ...at, done: true } }
    yield { records: [], state: { version: 1, files } }
  }
}

function fingerprintOf({ fingerprint }: FileVersion, mapping: Mapping): string {
  const by = createHash('sha256').update(JSON.stringify(mapping)).digest('hex')
  return `${fingerprint}-${by.slice(0, 8)}`
}
