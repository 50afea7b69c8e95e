import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { Processes, parentGone, tellReady } from '../../engine/cli/processes.ts'
import { Codec } from '../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../engine/codec/registry/embedded.ts'
import { Fold, stateStore, taskGroup } from '../../engine/stage/fold.ts'
import { Layout, topicName } from '../../engine/stage/layout.ts'
import { stage } from '../../engine/stage/stage.ts'
import { Committer, FoldStream, PartitionReader } from '../../engine/stage/streams.ts'
import type { Application, Task } from '../../engine/stage/topology.ts'
import { windows } from '../../engine/stage/windows.ts'
import { openBenchLog } from './open-log.ts'
import {
  type BenchEvent,
  benchEvent,
  benchWindow,
  EVENT_SCHEMA_ID,
  PARTITIONS,
  WINDOW_SCHEMA_ID,
  WINDOW_US,
  windowId,
} from './records.ts'

/**
 * The bench's job in Stratum: events counted and their cost summed by tenant and campaign in one-minute windows of
 * event time, however late, changed windows to an output topic, exactly once. Prints `ready` when it runs; SIGTERM
 * ends it. The parts are those that `stratum worker --processes N` runs, put together for topics of other names.
 */
const { values } = parseArgs({
  options: {
    bootstrap: { type: 'string', default: '' },
    topic: { type: 'string', default: '' },
    output: { type: 'string', default: '' },
    group: { type: 'string', default: '' },
    dir: { type: 'string', default: '' },
    groups: { type: 'string', default: '2' },
    ms: { type: 'string', default: '100' },
    processes: { type: 'string', default: '2' },
    share: { type: 'string', default: '0' },
  },
})
const { bootstrap, topic, output, group } = values
const groups = Number(values.groups)
const processes = Math.min(groups, Number(values.processes))
const share = Number(values.share)
const others = new Processes(
  Array.from({ length: share === 0 ? processes - 1 : 0 }, (_, i) => [
    ...process.argv.slice(2),
    '--share',
    String(i + 1),
  ]),
)
const dir = join(values.dir, values.share)
/** Whether a partition is of this process. */
const own = (partition: number) => (partition % groups) % processes === share

const totals = stage({
  name: 'totals',
  version: 1,
  on: {},
  reads: { [benchEvent.name]: ['event_time', 'ingest_time', 'cost_micros'] },
  windows: windows({
    version: 1,
    sizeUs: WINDOW_US,
    time: (event: BenchEvent) => event.event_time,
    empty: () => ({ events: 0, cost: 0, latest: 0 }),
    on: {
      [benchEvent.name]: (sums, event: BenchEvent) => {
        sums.events++
        sums.cost += event.cost_micros
        if (event.ingest_time > sums.latest) sums.latest = event.ingest_time
      },
    },
    show: ({ key: [tenant, campaign], start, sums }) => {
      const id = windowId(tenant!, campaign!, start)
      const value = {
        tenant_id: tenant!,
        event_id: id,
        event_time: start,
        ingest_time: sums.latest,
        campaign_id: campaign!,
        events: sums.events,
        cost_micros: sums.cost,
      }
      return { topic: 'windows', kind: benchWindow, value, key: [tenant!, campaign!, String(start)] }
    },
  }),
})
const task: Task = { name: 'totals', from: 'events', stages: [totals], emits: ['windows'] }
const app: Application = {
  sources: [],
  topics: [
    { name: 'events', route: 'key', cleanup: 'delete', kinds: [benchEvent] },
    { name: 'windows', route: 'key', cleanup: 'delete', kinds: [benchWindow] },
    { name: 'deadletters', route: 'input', cleanup: 'delete', kinds: [] },
  ],
  tasks: [task],
  tables: [],
}
const counts = { raw: PARTITIONS, facts: PARTITIONS, persons: PARTITIONS }
const layout = new Layout(app, counts, () => undefined)
const codec = new Codec(
  EmbeddedRegistry.inMemory([
    { subject: benchEvent.name, version: 1, id: EVENT_SCHEMA_ID, schema: benchEvent.schema },
    { subject: benchWindow.name, version: 1, id: WINDOW_SCHEMA_ID, schema: benchWindow.schema },
  ]),
)
await codec.register(benchEvent)
await codec.register(benchWindow)

const { log, owners } = await openBenchLog(
  { bootstrap, dir, group, groups },
  {
    commitMs: Number(values.ms),
    onOutage: error => process.stderr.write(`${(error as Error).message}\n`),
  },
)

/** The topics' names as the layout has them, and as they are. */
const outward = new Map([
  [topicName('events'), topic],
  [topicName('windows'), output],
])
const stopping = new AbortController()
process.on('SIGTERM', () => stopping.abort())
parentGone().addEventListener('abort', () => stopping.abort())
others.failure.catch(() => process.exit(1))
const { signal } = stopping
const open = { open: async () => {} }
const observer = { observe() {}, onOutage() {} }
const writers = await Promise.all(owners.map((owner, g) => (own(g) ? log.writer(owner) : null)))
const running = Array.from({ length: PARTITIONS }, async (_, partition) => {
  const mine = writers[partition % groups]
  if (!mine) return
  const fold = new Fold({
    task,
    topic: topicName('events'),
    partition,
    codec,
    layout,
    state: log.state(stateStore(task.name, topicName('events'), partition)),
  })
  const writer = {
    group: mine.group,
    window: mine.window ?? 1,
    commit: (unit: Parameters<typeof mine.commit>[0]) =>
      mine.commit({
        ...unit,
        appends: (unit.appends ?? []).map(a => ({ ...a, topic: outward.get(a.topic) ?? a.topic })),
        positions: (unit.positions ?? []).map(p => ({ ...p, topic })),
      }),
    close: () => mine.close(),
  }
  const from = (await log.position(taskGroup(task.name), topic, partition)) ?? 0
  await pipeline(
    new PartitionReader({ log, topic, partition, from, gate: open, signal }),
    new FoldStream(fold),
    new Committer({ writer, fold, signal, ...observer }),
  )
})
await others.ready()
process.stdout.write('ready\n')
tellReady()
await Promise.all(running)
await others.stop()
await log.close()
process.exit(0)
