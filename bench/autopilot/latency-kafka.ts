import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { send } from '../../engine/command/send.ts'
import { openStores } from '../../engine/runtime/stores.ts'
import { topicName } from '../../engine/stage/layout.ts'
import { actionKind } from '../../pipelines/autopilot/kinds.ts'
import { app } from '../../stratum.ts'
import { engineOptions, standard } from '../../test/support/engine.ts'
import { STRATUM } from '../../test/support/program.ts'
import { Child } from '../../test/support/servers/child.ts'
import { STARTED } from '../../test/support/started.ts'
import { called, openProducer } from '../kafka/librdkafka.ts'
import { runBench, say } from '../kafka/place.ts'
import { Following } from '../kafka/read-all.ts'
import { Load, RULE, type Seen, summary, TENANTS } from './load.ts'

const HELP = `From an event on the facts to the action it leads to, committed on its topic, through the program over Kafka.
  --rate N           events of shops a second (5000)
  --reports N        campaigns a second that a rule matches (20)
  --warm N           seconds that are not measured (10)
  --seconds N        measured (30)
  --commit-ms N      longest time between two commits of a group (100, as the program has it)
  --bootstrap ADDR   a broker that is there, and has no stratum on it; else one is started`

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '5000' },
    reports: { type: 'string', default: '20' },
    warm: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '30' },
    'commit-ms': { type: 'string', default: '100' },
    bootstrap: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})
const BEAT_MS = 5
const READY_MS = 120_000
const ENDS_MS = 5_000

await runBench(
  { help: values.help === true && HELP, given: values.bootstrap },
  async ({ bootstrap, admin, folder }) => {
    const [rate, reports] = [Number(values.rate), Number(values.reports)]
    const [warmMs, ms] = [Number(values.warm) * 1000, Number(values.seconds) * 1000]
    const commitMs = Number(values['commit-ms'])
    const program = started(bootstrap, commitMs, folder)
    try {
      await program.ready()
      const clock = () => Date.now() * 1000
      const stores = await openStores(
        app(standard),
        engineOptions(join(folder, 'desk'), {
          clock,
          kafka: {
            connection: { brokers: [bootstrap] },
            ...{ groups: 8, replication: 1, minInsync: 1, commitMs, compression: 'none' },
          },
        }),
      )
      const { codec, layout } = stores
      for (const tenant of TENANTS)
        await send(
          stores,
          { tenant, command: 'rule.set', actor: 'bench', role: 'ADMIN', reason: null, body: { rule: RULE } },
          AbortSignal.timeout(60_000),
        )
      const load = await Load.make({ codec, clock, rate, reports })
      const [facts, actions] = [topicName('facts'), topicName('actions')]
      const found: { readonly value: Buffer; readonly at: number }[] = []
      const following = await Following.start(bootstrap, actions, layout.partitions(actions), ({ value }) => {
        if (value !== null) found.push({ value, at: performance.now() })
      })
      const producer = await openProducer(bootstrap)
      const begun = performance.now()
      let lateMs = 0
      for (let before = begun; before - begun < warmMs + ms; before = performance.now()) {
        for (const { tenant, value } of load.due(before - begun))
          producer.produce(facts, null, value, Buffer.from(tenant), Date.now())
        producer.poll()
        await sleep(BEAT_MS)
        lateMs = Math.max(lateMs, performance.now() - before - BEAT_MS)
      }
      const took = (performance.now() - begun) / 1000
      await called(done => producer.flush(60_000, done))
      await called(done => producer.disconnect(10_000, done))
      await sleep(ENDS_MS)
      await following.reach(await admin.ends(actions))
      const reader = codec.reader()
      await reader.ready(found.map(({ value }) => ({ value })) as never)
      const seen = found.flatMap(({ value, at }): Seen[] => {
        const record = reader.decode(value)
        return record.kind === actionKind.name ? [{ campaign: String(record.value.campaign_id), at }] : []
      })
      await stores.close()
      const result = load.took(seen, begun + warmMs)
      say(
        JSON.stringify({
          events_a_second: Math.round(load.sent / took),
          ...{ actions: result.took.length, missing: result.missing },
          ...summary(result.took),
          sender_late_ms: Math.round(lateMs),
          machine_load: loadavg().map(n => Math.round(n * 10) / 10),
        }),
      )
    } finally {
      await program.end()
    }
  },
)

/** The whole program in one process, as `stratum start --kafka` has it. */
function started(bootstrap: string, commitMs: number, folder: string) {
  const log = join(folder, 'program.log')
  const settings = {
    ...STARTED,
    STRATUM_KAFKA__BROKERS: bootstrap,
    STRATUM_KAFKA__COMMIT_MS: String(commitMs),
    STRATUM_LOGGING__LEVEL: 'warn',
  }
  const args = ['start', '--kafka', '--port', '0', '--data', join(folder, 'program')]
  const child = new Child({
    command: 'env',
    args: [
      ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
      process.execPath,
      STRATUM,
      ...args,
    ],
    log,
  })
  const said = () => readFileSync(log, 'utf8').slice(-3_000)
  return {
    async ready(): Promise<void> {
      for (const until = performance.now() + READY_MS; !/^ready/m.test(said()); await sleep(50))
        if (!child.isRunning || performance.now() > until) throw new Error(`it does not get ready\n${said()}`)
    },
    async end(): Promise<void> {
      if (!child.isRunning) say(`it has ended\n${said()}`)
      await child.kill()
    },
  }
}
