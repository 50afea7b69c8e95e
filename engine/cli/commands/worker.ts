import { join } from 'node:path'
import { StratumError } from '../../errors.ts'
import { createMetrics } from '../../telemetry/metrics.ts'
import { beside } from '../beside.ts'
import { executing } from '../executing.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  integer,
  untilAborted,
  withData,
} from '../kit/index.ts'
import { type MakeApplication, mustWriteKafka, observe, openData, settingsOf } from '../open.ts'
import { Processes, parentGone, tellReady } from '../processes.ts'
import { running } from '../running.ts'
import { scheduling } from '../scheduling.ts'

interface Options extends DataOptions {
  readonly shards?: string
  readonly processes: number
}

interface Shard {
  readonly index: number
  readonly of: number
}

export function workerCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options>(program, {
    usage: 'worker',
    summary: 'stages only, against Kafka and ClickHouse: run as many as you like',
    examples: [
      'stratum worker --config stratum.yaml',
      'stratum worker --config stratum.yaml --processes 4',
      'stratum worker --config stratum.yaml --shards 1/3',
      'STRATUM_KAFKA__BROKERS=kafka:9092 STRATUM_WAREHOUSE__URL=http://clickhouse:8123 stratum worker',
    ],
    options: c => {
      withData(c)
      c.option(
        '--shards <i/n>',
        'the groups of number i of n workers, dealt out by hand (default: whoever is there shares them)',
      )
      c.option('--processes <n>', 'so many workers on this machine: one a core', integer(1, 256), 1)
    },
    async run(session, options) {
      const settings = settingsOf(options)
      const { processes } = options
      const whole = options.shards === undefined ? undefined : shardOf(options.shards)
      if (settings.warehouse.url === undefined)
        throw new StratumError(
          'CONFIG_INVALID',
          'warehouse.url is not set: workers share a ClickHouse. Set STRATUM_WAREHOUSE__URL=http://host:8123, or run everything in one process with `stratum start --kafka`.',
        )
      await mustWriteKafka()
      const metrics = createMetrics({ process: true })
      const data = await openData(make, settings, 'stratum worker', observe(metrics), { kafka: true })
      const worker = await running(data.stores, {
        shard: whole && partOf(whole, 0, processes),
        sessionMs: settings.kafka.sessionMs,
        tickMs: settings.clock.tickSeconds * 1000,
      })
      const schedules = scheduling({
        stores: data.stores,
        engine: worker,
        concurrency: settings.connections.concurrency,
      })
      let execution: ReturnType<typeof executing> = null
      let besides: ReturnType<typeof beside> | null = null
      const others = new Processes(
        Array.from({ length: processes - 1 }, (_, i) => [
          'worker',
          ...['--data', join(settings.dataDir, `worker-${i + 2}`)],
          ...(options.config === undefined ? [] : ['--config', options.config]),
          ...(whole === undefined ? [] : ['--shards', named(partOf(whole, i + 1, processes))]),
        ]),
      )
      try {
        await Promise.race([worker.start(), others.failure])
        await Promise.race([worker.failure, others.ready()])
        await schedules.beginWhereConnected()
        execution = executing(worker, metrics)
        besides = beside(worker)
        await session.write('ready\n')
        tellReady()
        await Promise.race([
          worker.failure,
          others.failure,
          untilAborted(session.signal),
          untilAborted(parentGone()),
        ])
      } finally {
        await execution?.stop()
        await besides?.stop()
        await schedules.stop()
        await Promise.all([others.stop(), worker.stop()])
        await data.close()
      }
    },
  })
}

/** A worker's groups are shared out among its processes. */
const partOf = ({ index, of }: Shard, process: number, processes: number): Shard => ({
  index: index * processes + process,
  of: of * processes,
})

const named = ({ index, of }: Shard): string => `${index + 1}/${of}`

function shardOf(text: string): Shard {
  const [, i, n] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []
  const [index, of] = [Number(i), Number(n)]
  if (!(index >= 1 && index <= of))
    throw new StratumError('USAGE', `--shards ${text}: say i/n with i from 1 to n, as 1/3`)
  return { index: index - 1, of }
}
