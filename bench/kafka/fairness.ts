import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { messageOf } from '../../engine/errors.ts'
import { kafkaMissing, startKafka } from '../../test/support/servers/kafka.ts'
import { BenchAdmin } from './admin.ts'
import { median } from './curve.ts'
import { type Latency, latencyOf } from './latency.ts'
import { ours } from './subjects.ts'

const HELP = `40 tenants at a steady rate, alone and beside one that sends ten times as much as all of them to the same partitions, in turns.
  --rounds N         of both (3)
  --rate N           events a second of the 40 (5000)
  --loud N           so many times as much does the other send (10)
  --seconds N        measured, after 10 to get warm (20)
  --bootstrap ADDR   a broker that is there; else one is started`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '5000' },
    loud: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '20' },
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
  const options = {
    admin,
    bootstrap,
    folder,
    rate: Number(values.rate),
    warmSeconds: 10,
    seconds: Number(values.seconds),
    say,
  }
  try {
    const [alone, beside] = [[] as Latency[], [] as Latency[]]
    for (let round = 0; round < Number(values.rounds); round++) {
      say('alone')
      alone.push(await latencyOf(ours(), options))
      say(`beside one that sends ${values.loud} times as much`)
      beside.push(await latencyOf(ours(), { ...options, loud: Number(values.loud) }))
    }
    const grown = (of: keyof Latency) => median(beside.map((b, i) => b[of] - alone[i]![of]))
    say(
      `medians of the rounds: p50 grows by ${grown('p50').toFixed(0)} ms, p99 by ${grown('p99').toFixed(0)} ms`,
    )
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
