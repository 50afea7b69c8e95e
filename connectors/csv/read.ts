import type { ReadBatch, StreamContext } from '../../plugins/contract.ts'
import { fatalError } from '../../plugins/errors.ts'
import { assertUnchanged } from '../../plugins/files/listing.ts'
import type { AdReportRecord } from '../../plugins/records/ad-report.ts'
import { fingerprintOf } from './fingerprint.ts'
import { type Position, readFile } from './read-file.ts'
import { mappingOf, type Settings } from './settings.ts'
import { spendFiles } from './spend-files.ts'

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
  const list = await spendFiles(context.config.path, notice)
  // Files that are gone are forgotten, so that the state does not grow for ever.
  const known = new Set(list.map(({ name }) => name))
  let files: State['files'] = Object.fromEntries(
    Object.entries(state?.files ?? {}).filter(([n]) => known.has(n)),
  )
  for (const file of list) {
    if (signal.aborted) return
    const fingerprint = await fingerprintOf(file, mapping)
    const before = files[file.name]?.fingerprint === fingerprint ? files[file.name] : undefined
    if (before?.done) continue
    let at: Position = before ?? START
    const parts = readFile({ file, mapping, from: at, signal, notice })
    for await (const { records, rejected, rows, sums } of parts) {
      at = { rows, sums }
      files = { ...files, [file.name]: { fingerprint, ...at, done: false } }
      yield { records, rejected, state: { version: 1, files } }
      if (signal.aborted) return
    }
    if (signal.aborted) return
    await assertUnchanged(file)
    files = { ...files, [file.name]: { fingerprint, ...at, done: true } }
    yield { records: [], state: { version: 1, files } }
  }
}
