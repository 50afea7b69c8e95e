import { hash } from 'node:crypto'
import { join } from 'node:path'
import { madeOnce, runToEnd, which } from './machine.ts'

/** A Singer tap on PyPI. */
export interface TapPackage {
  /** Of its program. */
  readonly name: string
  /** What pip installs, with all that it needs: versions are pinned, so that a run tomorrow tests the same. */
  readonly requirements: readonly string[]
  /** What pip installs alone, where the package pins what does not install here. */
  readonly alone?: readonly string[]
}

export const TAP_POSTGRES: TapPackage = {
  name: 'tap-postgres',
  requirements: ['meltanolabs-tap-postgres==0.10.0', 'singer-sdk==0.54.9'],
}

/** It pins a psycopg2 that has to be compiled for this Python. */
export const PIPELINEWISE_TAP_POSTGRES: TapPackage = {
  name: 'tap-postgres',
  requirements: ['pipelinewise-singer-python==1.3.0', 'psycopg2-binary==2.9.12', 'strict-rfc3339==0.7'],
  alone: ['pipelinewise-tap-postgres==1.8.4'],
}

export const TAP_CSV_FOLDER: TapPackage = {
  name: 'tap-csv-folder',
  requirements: ['tap-csv-folder==0.0.1a1', 'singer-sdk==0.41.0'],
}

/** Singer's own. */
export const TAP_FACEBOOK: TapPackage = {
  name: 'tap-facebook',
  requirements: ['tap-facebook==1.26.0'],
}

/** Of Meltano's SDK: it pages until a page is empty. */
export const MELTANO_TAP_FACEBOOK: TapPackage = {
  name: 'tap-facebook',
  requirements: ['meltano-tap-facebook==0.9.0', 'singer-sdk==0.47.4'],
}

/** Singer's own: versions 1 and 3 of HubSpot's API. */
export const TAP_HUBSPOT: TapPackage = {
  name: 'tap-hubspot',
  requirements: ['tap-hubspot==4.5.0'],
}

/** Of Meltano's SDK: versions 3 and 4 of HubSpot's API, and its search. */
export const MELTANO_TAP_HUBSPOT: TapPackage = {
  name: 'tap-hubspot',
  requirements: ['meltano-tap-hubspot==0.10.1', 'singer-sdk==0.54.9'],
}

/** One line that says what is missing to run taps here, or null. */
export function tapsMissing(): string | null {
  return which('python3') === null
    ? 'Singer taps need Python 3.10 or later (apt-get install python3-venv)'
    : null
}

/** The program of a tap, in a virtual environment of its own; made once a machine. */
export async function installedTap(tap: TapPackage): Promise<string> {
  const digest = hash('sha256', JSON.stringify(tap), 'hex').slice(0, 12)
  // An environment cannot be moved: it is made where it stays.
  const made = await madeOnce(`${tap.name}-${digest}`, async folder => {
    await runToEnd('python3', ['-m', 'venv', folder])
    const pip = (...args: string[]) =>
      runToEnd(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '-q', '--retries=2', ...args])
    await pip(...tap.requirements)
    if (tap.alone) await pip('--no-deps', ...tap.alone)
  })
  return join(made, 'bin', tap.name)
}

export type FetchedTap =
  | { readonly program: string; readonly missing: false }
  | { readonly program: null; readonly missing: string }

/** The program of a tap; where it cannot be had, one line that says why. */
export async function fetchedTap(tap: TapPackage): Promise<FetchedTap> {
  const missing = tapsMissing()
  if (missing !== null) return { program: null, missing }
  try {
    return { program: await installedTap(tap), missing: false }
  } catch (error) {
    if (!isUnreachable((error as Error).message)) throw error
    return { program: null, missing: `${tap.requirements[0]} could not be fetched: PyPI cannot be reached` }
  }
}

/** Anything else that pip says is a failure of the test. */
const isUnreachable = (said: string): boolean =>
  /NewConnectionError|ConnectTimeoutError|NameResolutionError|ProxyError|ReadTimeoutError/.test(said)
