import { fatalError } from '../../plugins/errors.ts'
import type { FileEntry } from '../../plugins/files/listing.ts'
import type { DaySpans } from './bigquery/settled.ts'

export const STATE_VERSION = 1

/** How far reading has come. Small: one entry a file that is still there, or table that may still be rewritten. */
export interface Ga4State {
  readonly version: typeof STATE_VERSION
  readonly files: Readonly<Record<string, FileState>>
  /** Of BigQuery: days whose tables are done with. Left out: none. */
  readonly settled?: DaySpans
}

export interface FileState {
  /** Of the file these rows were read from; a file with another one is read again in full. */
  readonly fingerprint: string
  /** Rows (lines of a text file) read so far. */
  readonly rows: number
  readonly done: boolean
}

/** The files of a stored state; throws when a newer version of this connector wrote it. */
export function filesOf(state: Ga4State | null): Readonly<Record<string, FileState>> {
  if (state === null) return {}
  if (state.version !== STATE_VERSION)
    throw fatalError(
      `the stored position of ga4 has version ${String(state.version)}, this connector knows ${STATE_VERSION}: ` +
        'run the version that wrote it',
    )
  return state.files
}

/** Of a stored state what is there still: what has gone is forgotten, so that the state does not grow for ever. */
export function progressOf(state: Ga4State | null, names: readonly string[]): Record<string, FileState> {
  const known = filesOf(state)
  return Object.fromEntries(
    names.filter(name => Object.hasOwn(known, name)).map(name => [name, known[name]!]),
  )
}

/** The state that is stored: a copy, as reading goes on. */
export const stateOf = (files: Readonly<Record<string, FileState>>, settled: DaySpans = []): Ga4State => ({
  version: STATE_VERSION,
  files: { ...files },
  ...(settled.length > 0 ? { settled } : {}),
})

/** Where to go on in a file: rows already read, or null when it is done. */
export function resumeAt(
  files: Readonly<Record<string, FileState>>,
  file: Pick<FileEntry, 'name' | 'fingerprint'>,
): number | null {
  const known = Object.hasOwn(files, file.name) ? files[file.name]! : null
  if (known?.fingerprint !== file.fingerprint) return 0
  return known.done ? null : known.rows
}
