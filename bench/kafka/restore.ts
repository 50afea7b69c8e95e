import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { KafkaLog } from '../../engine/log/kafka/log.ts'
import type { StateChange } from '../../engine/log/port.ts'
import { kafkaMissing, startKafka } from '../../test/support/servers/kafka.ts'
import { freshGroup } from './pair.ts'

const HELP = `How long a group takes to have its state again: after a clean stop, after a kill, after a lost disk.
  --keys N           keys of state (1000000), 26 bytes of value each
  --tail N           changes of the process that is killed (50000)
  --bootstrap ADDR   a broker that is there; else one is started`

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '1000000' },
    tail: { type: 'string', default: '50000' },
    bootstrap: { type: 'string' },
    victim: { type: 'string' },
    dir: { type: 'string' },
    help: { type: 'boolean' },
  },
})
const say = (text: string) => void process.stdout.write(`${text}\n`)
const WRITER = 'group/0'
const STORE = 'totals/bench/0'

const open = (bootstrap: string, dir: string, topic: string) =>
  KafkaLog.open({
    kafka: { brokers: [bootstrap] },
    dir,
    namespace: 'bench.',
    topics: { replication: 1, minInsync: 1, tombstonesMs: 86_400_000 },
    changelogOf: () => ({ topic, partition: 0, sole: WRITER }),
    consumerGroup: group => group,
    unseen: () => true,
    onRestored: (_, { how, records }, ms) =>
      say(
        `  ${how}: ${records.toLocaleString('en')} records in ${Math.round(ms)} ms${records > 1000 ? `, ${Math.round((records / ms) * 1000).toLocaleString('en')}/s` : ''}`,
      ),
  })

function* changes(from: number, count: number): Generator<StateChange> {
  for (let i = from; i < from + count; i++)
    yield {
      key: Buffer.from(`totals\0n\0tenant-${i % 40}\x1fcampaign-${String(i).padStart(8, '0')}`),
      value: Buffer.alloc(26, i),
    }
}

async function write(log: KafkaLog, keys: number): Promise<void> {
  const writer = await log.writer(WRITER)
  for (let from = 0; from < keys; from += 10_000)
    await writer.commit({
      state: [{ store: STORE, changes: [...changes(from, Math.min(10_000, keys - from))] }],
    })
}

/** Writes and waits to be killed. */
async function victim(topic: string): Promise<void> {
  const log = await open(values.bootstrap!, values.dir!, topic)
  await write(log, Number(values.tail))
  process.send!('written')
  setInterval(() => {}, 1e6)
}

async function main(): Promise<void> {
  if (values.help) return say(HELP)
  if (values.victim !== undefined) return victim(values.victim)
  const missing = kafkaMissing()
  if (missing !== null && values.bootstrap === undefined) return say(`bench: ${missing}`)
  const broker = values.bootstrap === undefined ? await startKafka({ heap: '1g' }) : undefined
  const bootstrap = values.bootstrap ?? broker!.bootstrap
  const dir = mkdtempSync(join(tmpdir(), 'stratum-restore-'))
  const topic = `bench.${freshGroup('restore')}.state`
  const once = async (what: string, work: (log: KafkaLog) => Promise<unknown>) => {
    const log = await open(bootstrap, dir, topic)
    await log.ensureTopic({ name: topic, partitions: 1, cleanup: 'compact' })
    say(what)
    await work(log)
    await log.close()
  }
  try {
    const begun = performance.now()
    await once(`writing ${Number(values.keys).toLocaleString('en')} keys`, log =>
      write(log, Number(values.keys)),
    )
    say(`  in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
    await once('after a clean stop', log => log.writer(WRITER))
    const args = ['--victim', topic, '--bootstrap', bootstrap, '--dir', dir, '--tail', values.tail]
    const child = fork(fileURLToPath(import.meta.url), args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    await new Promise(resolve => child.once('message', resolve))
    child.kill('SIGKILL')
    await new Promise(resolve => child.once('exit', resolve))
    await once('after kill -9, the disk intact', log => log.writer(WRITER))
    rmSync(dir, { recursive: true, force: true })
    await once('after a lost disk', log => log.writer(WRITER))
    rmSync(dir, { recursive: true, force: true })
    await once('after a lost disk, again', log => log.writer(WRITER))
  } finally {
    rmSync(dir, { recursive: true, force: true })
    await broker?.stop()
  }
}

await main()
process.exit(0)
