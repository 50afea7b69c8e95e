import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
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
 * ends it. The parts are those a worker runs, put together for topics that have other names.
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
  },
})
const { bootstrap, topic, output, group, dir } = values
const groups = Number(values.groups)

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
const { signal } = stopping
const open = { open: async () => {} }
const observer = { observe() {}, onOutage() {} }
const writers = await Promise.all(owners.map(owner => log.writer(owner)))
const running = Array.from({ length: PARTITIONS }, async (_, partition) => {
  const own = writers[partition % groups]!
  const fold = new Fold({
    task,
    topic: topicName('events'),
    partition,
    codec,
    layout,
    state: log.state(stateStore(task.name, topicName('events'), partition)),
  })
  const writer = {
    group: own.group,
    window: own.window ?? 1,
    commit: (unit: Parameters<typeof own.commit>[0]) =>
      own.commit({
        ...unit,
        appends: (unit.appends ?? []).map(a => ({ ...a, topic: outward.get(a.topic) ?? a.topic })),
        positions: (unit.positions ?? []).map(p => ({ ...p, topic })),
      }),
    close: () => own.close(),
  }
  const from = (await log.position(taskGroup(task.name), topic, partition)) ?? 0
  await pipeline(
    new PartitionReader({ log, topic, partition, from, gate: open, signal }),
    new FoldStream(fold),
    new Committer({ writer, fold, signal, ...observer }),
  )
})
process.stdout.write('ready\n')
await Promise.all(running)
await log.close()
process.exit(0)
