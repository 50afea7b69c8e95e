import { join } from 'node:path'
import { openClickHouse } from '../../../engine/store/clickhouse.ts'
import { app } from '../../../stratum.ts'
import { tableContents } from '../../support/content.ts'
import { standard } from '../../support/engine.ts'
import { type Contents, differences } from '../compare.ts'
import { live } from '../life.ts'
import { Avro } from './avro.ts'
import { checkInput } from './check-input.ts'
import { askOver, checkTables } from './check-offsets.ts'
import { checkReplay } from './check-replay.ts'
import type { Cluster } from './cluster.ts'
import type { Findings } from './findings.ts'
import { Ledger } from './ledger.ts'
import { readAll } from './reader.ts'
import { environment } from './settings.ts'

export interface CheckOptions {
  readonly cluster: Cluster
  readonly slices: string
  readonly folder: string
  /** Of the undisturbed run. */
  readonly expected: Contents
  readonly findings: Findings
}

/** What the disturbed run has left, against what must be there. */
export async function checkAll({ cluster, slices, folder, expected, findings }: CheckOptions): Promise<void> {
  const { kafka, warehouse, workers } = cluster
  for (const worker of workers) {
    const code = await worker.stop()
    // After a fault librdkafka may hang for good; the process says so and kills itself, with its work done.
    if (code !== 0 && !/killed instead of ended \(exit code 0 otherwise\)/.test(worker.said))
      findings.wrong(`${worker.name} ended a clean stop with ${code}`)
  }
  const release = app(standard)
  const ledger = await Ledger.open(kafka.bootstrap, [])
  const partitions = await ledger.topics()
  await ledger.close()
  const records = await readAll(kafka.bootstrap, partitions)
  const avro = new Avro(records)
  const ask = askOver(warehouse.url)

  const tables = await checkTables(release, records, avro, ask)
  for (const line of tables.wrong) findings.wrong(line)
  findings.checked(`${tables.offsets} committed offsets against rows and dead letters, by librdkafka`)

  const input = await checkInput(slices, records, avro, ask)
  for (const line of input.wrong) findings.wrong(line)
  findings.checked(`${input.events} events of the input against the table`)

  const replay = await checkReplay(release, records, folder)
  for (const line of replay.wrong) findings.wrong(line)
  findings.checked(`${replay.compared} records of tasks against a replay, byte for byte`)

  const client = openClickHouse({ url: warehouse.url })
  const contents = current(await tableContents(client, release))
  await client.close()
  for (const line of differences(current(expected), contents)) findings.wrong(line)
  findings.checked(`${Object.keys(contents).join(', ')} against an undisturbed run`)

  const env = environment(kafka.bootstrap, warehouse.url)
  const args = ['verify', '--exactly-once', '--data', join(folder, 'verify')]
  const { code, stdout, stderr } = await live({ args, env })
  if (code !== 0) findings.wrong(`verify --exactly-once: ${`${stdout}${stderr}`.trim()}`)
  findings.checked('stratum verify --exactly-once')
}

/**
 * What two runs must agree in: revisions and dead letters tell of the way there, too. So does what is evaluated at
 * ticks, which the clock makes on Kafka: the replay holds it, byte for byte.
 */
const current = (contents: Contents): Contents =>
  Object.fromEntries(
    Object.entries(contents).filter(
      ([name]) => name === 'events' || (/_current$|_daily$/.test(name) && !name.startsWith('variance_')),
    ),
  )
