import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { messageOf } from '../../engine/errors.ts'
import { kafkaMissing, startKafka } from '../../test/support/servers/kafka.ts'
import { runToEnd } from '../../test/support/servers/machine.ts'
import { BenchAdmin } from './admin.ts'
import { expectedOf } from './expected.ts'
import { runOnce } from './pair.ts'
import { ours } from './subjects.ts'

const HELP = `The same load on 1, 2 and 4 groups of partitions in 1, 2 and 4 processes, and on a state of more than a million keys.
  --events N         events of a run (2000000)
  --bootstrap ADDR   a broker that is there; else one is started`

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '2000000' },
    bootstrap: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})
const say = (text: string) => void process.stdout.write(`${text}\n`)

async function main(): Promise<void> {
  if (values.help) return say(HELP)
  const missing = kafkaMissing()
  if (missing !== null && values.bootstrap === undefined) return say(`bench: ${missing}`)
  const broker = values.bootstrap === undefined ? await startKafka({ heap: '1g', speed: 'work' }) : undefined
  const bootstrap = values.bootstrap ?? broker!.bootstrap
  const folder = mkdtempSync(join(tmpdir(), 'stratum-bench-'))
  const admin = await BenchAdmin.connect(bootstrap)
  const producer = fileURLToPath(new URL('produce.js', import.meta.url))
  const run = async (hours: string, shapes: readonly (readonly [groups: number, processes: number])[]) => {
    const topic = `bench.events.${values.events}.${hours}h`
    const told = ['--bootstrap', bootstrap, '--topic', topic, '--events', values.events, '--hours', hours]
    await runToEnd(process.execPath, [producer, ...told])
    const expected = await expectedOf(bootstrap, topic, await admin.ends(topic))
    for (const [groups, processes] of shapes) {
      say(
        `${expected.windows.size.toLocaleString('en')} keys of state, ${groups} groups, ${processes} processes`,
      )
      const subject = ours(undefined, ['--groups', String(groups), '--processes', String(processes)])
      await runOnce(subject, { admin, bootstrap, topic, folder, expected, say })
    }
  }
  try {
    await run('3', [
      [1, 1],
      [2, 1],
      [2, 2],
      [4, 2],
      [4, 4],
    ])
    await run('24', [[2, 2]])
  } finally {
    await admin.close()
    await broker?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

try {
  await main()
} catch (error) {
  process.stderr.write(`bench: ${messageOf(error)}\n`)
  process.exitCode = 1
}
