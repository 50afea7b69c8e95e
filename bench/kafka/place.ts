import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '../../engine/errors.ts'
import { kafkaMissing, startKafka } from '../../test/support/servers/kafka.ts'
import { BenchAdmin } from './admin.ts'

/** Where a bench runs. */
export interface Place {
  readonly bootstrap: string
  readonly admin: BenchAdmin
  /** Empty; it goes with the bench. */
  readonly folder: string
}

export const say = (text: string) => void process.stdout.write(`${text}\n`)

/** Runs a bench on the broker at `given`, or on one that is started for it, and says in a line what went wrong. */
export async function runBench(
  { help, given }: { readonly help: string | false; readonly given: string | undefined },
  work: (place: Place) => Promise<void>,
): Promise<void> {
  try {
    if (help !== false) return say(help)
    await inPlace(given, work)
  } catch (error) {
    process.stderr.write(`bench: ${messageOf(error)}\n`)
    process.exitCode = 1
  }
}

async function inPlace(given: string | undefined, work: (place: Place) => Promise<void>): Promise<void> {
  const missing = kafkaMissing()
  if (missing !== null && given === undefined) return say(`bench: ${missing}`)
  const broker = given === undefined ? await startKafka({ heap: '1g', speed: 'work' }) : undefined
  const bootstrap = given ?? broker!.bootstrap
  const folder = mkdtempSync(join(tmpdir(), 'stratum-bench-'))
  const admin = await BenchAdmin.connect(bootstrap)
  try {
    await work({ bootstrap, admin, folder })
  } finally {
    await admin.close()
    await broker?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
