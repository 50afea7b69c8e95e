import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '../../../engine/errors.ts'
import { loadRdkafka } from '../../../engine/log/kafka/write/rdkafka.ts'
import { kafkaMissing } from '../../support/servers/kafka.ts'
import { material } from '../input.ts'
import type { Options } from '../options.ts'
import { checkAll } from './check.ts'
import { Cluster } from './cluster.ts'
import { disturb } from './disturb.ts'
import { plan } from './faults.ts'
import { Findings } from './findings.ts'
import type { ProcessOptions } from './process.ts'
import { deal } from './slices.ts'
import { undisturbed } from './undisturbed.ts'

/** `npm run chaos -- --kafka`: see README.md beside this folder. The exit code. */
export async function run(options: Options): Promise<number> {
  const missing = kafkaMissing() ?? (await loadRdkafka().then(() => null, messageOf))
  if (missing !== null) {
    process.stderr.write(`chaos: ${missing}\n`)
    return 2
  }
  const folder = mkdtempSync(join(tmpdir(), 'stratum-chaos-kafka-'))
  const findings = new Findings(options)
  let cluster: Cluster | null = null
  try {
    const input = material(options, folder)
    findings.say(`chaos on Kafka: seed ${options.seed}, ${options.faults} faults, ${input.title}`)
    const slices = join(folder, 'slices')
    const { rows, rejected } = await deal(input.path, slices)
    findings.say(`${rows} rows and ${rejected} that are none, of 64 tenants`)
    const expected = await undisturbed(slices, folder)
    findings.say('the undisturbed run is done')
    mkdirSync(join(folder, 'cluster'))
    const onEnd: ProcessOptions['onEnd'] = (...end) => findings.ended(...end)
    cluster = await Cluster.start({ folder: join(folder, 'cluster'), slices, onEnd })
    await disturb(cluster, plan(options.seed, options.faults), findings)
    await checkAll({ cluster, slices, folder, expected, findings })
  } catch (error) {
    findings.wrong((error as Error).stack ?? messageOf(error))
  }
  const ok = findings.ok
  await cluster?.stop().catch(() => {})
  if (ok && !options.keep) rmSync(folder, { recursive: true, force: true })
  else findings.say(`everything is kept in ${folder}`)
  process.stdout.write(findings.summary())
  return ok ? 0 : 1
}
