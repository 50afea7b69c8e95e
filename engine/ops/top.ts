import { setTimeout as sleep } from 'node:timers/promises'
import { type Lag, lagOf } from '../runtime/lag.ts'
import type { Stores } from '../runtime/stores.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { countArg } from './args.ts'
import { measuredLag, type PartitionLag } from './lag.ts'
import type { Operation, OperationContext } from './operation.ts'

export interface Rate {
  readonly kind: 'stage' | 'table'
  readonly name: string
  /** The task of a stage. */
  readonly task: string | null
  readonly records_per_second: number
  readonly lag: number
  readonly lag_seconds: number
  readonly paused: boolean
}

export interface Sample {
  /** ISO 8601, at its end. */
  readonly time: string
  /** How long was counted; 0 where no engine runs: nothing moves there. */
  readonly seconds: number
  /** `elsewhere`: on Kafka, where any number of workers may run. */
  readonly engine: 'running' | 'stopped' | 'elsewhere'
  readonly rates: readonly Rate[]
}

/**
 * What passes each stage and goes into each table, counted over `every_ms`, again and again; `samples` of them, or
 * without end. Where no engine runs: one sample, at once. On Kafka no process knows what all workers count: how far
 * their positions have come is what all of them have read, to the few offsets that marks of transactions take.
 */
export const top: Operation = async function* top(context, args, signal) {
  const everyMs = Math.max(100, countArg(args, 'every_ms') ?? 1000)
  const samples = countArg(args, 'samples') ?? Number.POSITIVE_INFINITY
  const { kafka } = context.stores.options
  const counts = () => (kafka ? positions(context.stores) : metered(context.metrics))
  if (!context.engine && !kafka) return yield await sample(context, null, null, 0)
  let before = await counts()
  let since = performance.now()
  for (let n = 0; n < samples && !signal.aborted; n++) {
    await sleep(everyMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    const after = await counts()
    const now = performance.now()
    yield await sample(context, before, after, (now - since) / 1000)
    before = after
    since = now
  }
}

type Counts = ReadonlyMap<string, number>

/** By `stage NAME` and `table NAME`, over all tenants. */
async function metered(metrics: Metrics | null): Promise<Counts> {
  const sums = new Map<string, number>()
  const add = (name: string, n: number) => sums.set(name, (sums.get(name) ?? 0) + n)
  for (const { labels, value } of (await metrics?.records.get())?.values ?? [])
    add(`stage ${labels.stage}`, value)
  for (const { labels, value } of (await metrics?.sinkRows.get())?.values ?? [])
    add(`table ${labels.table}`, value)
  return sums
}

async function positions(stores: Stores): Promise<Counts> {
  const sums = new Map<string, number>()
  const rows = await lagOf(stores)
  const { tasks, tables } = stores.app
  const add = (name: string, kind: Lag['kind'], reader: string) => {
    const own = rows.filter(row => row.kind === kind && row.reader === reader)
    sums.set(
      name,
      own.reduce((sum, { position }) => sum + position, 0),
    )
  }
  for (const task of tasks) for (const stage of task.stages) add(`stage ${stage.name}`, 'task', task.name)
  for (const { name } of tables) add(`table ${name}`, 'table', name)
  return sums
}

async function sample(
  { stores, engine }: OperationContext,
  before: Counts | null,
  after: Counts | null,
  seconds: number,
): Promise<Sample> {
  const lags = await measuredLag(stores)
  const rate = (kind: Rate['kind'], name: string, task: string | null, of: readonly PartitionLag[]): Rate => {
    const n = (after?.get(`${kind} ${name}`) ?? 0) - (before?.get(`${kind} ${name}`) ?? 0)
    return {
      kind,
      name,
      task,
      records_per_second: seconds > 0 ? Math.round((n / seconds) * 10) / 10 : 0,
      lag: of.reduce((sum, row) => sum + row.lag, 0),
      lag_seconds: Math.max(0, ...of.map(row => row.lag_seconds)),
      paused: of.some(row => row.paused),
    }
  }
  const readBy = (kind: 'task' | 'table', reader: string) =>
    lags.filter(row => row.kind === kind && row.reader === reader)
  const { tasks, tables } = stores.app
  return {
    time: new Date(stores.options.clock() / 1000).toISOString(),
    seconds: Math.round(seconds * 1000) / 1000,
    engine: engine ? 'running' : stores.options.kafka ? 'elsewhere' : 'stopped',
    rates: [
      ...tasks.flatMap(task =>
        task.stages.map(s => rate('stage', s.name, task.name, readBy('task', task.name))),
      ),
      ...tables.map(t => rate('table', t.name, null, readBy('table', t.name))),
    ],
  }
}
