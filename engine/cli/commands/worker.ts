import { StratumError } from '../../errors.ts'
import { createMetrics } from '../../telemetry/metrics.ts'
import { addCommand, type CliCommand, type DataOptions, untilAborted, withData } from '../kit/index.ts'
import { type MakeApplication, observe, openData, settingsOf } from '../open.ts'
import { running } from '../running.ts'

interface Options extends DataOptions {
  readonly shards?: string
}

export function workerCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options>(program, {
    usage: 'worker',
    summary: 'stages only, against Kafka and ClickHouse: run as many as you like',
    examples: [
      'stratum worker --config stratum.yaml',
      'stratum worker --config stratum.yaml --shards 1/3',
      'STRATUM_KAFKA__BROKERS=kafka:9092 STRATUM_WAREHOUSE__URL=http://clickhouse:8123 stratum worker',
    ],
    options: c => {
      withData(c)
      c.option(
        '--shards <i/n>',
        'the groups of number i of n workers, dealt out by hand (default: whoever is there shares them)',
      )
    },
    async run(session, options) {
      const settings = settingsOf(options)
      const shard = options.shards === undefined ? undefined : shardOf(options.shards)
      if (settings.warehouse.url === undefined)
        throw new StratumError(
          'CONFIG_INVALID',
          'warehouse.url is not set: workers share a ClickHouse. Set STRATUM_WAREHOUSE__URL=http://host:8123, or run everything in one process with `stratum start --kafka`.',
        )
      const data = await openData(
        make,
        settings,
        'stratum worker',
        observe(createMetrics({ process: true })),
        {
          kafka: true,
        },
      )
      const worker = running(data.stores, {
        shard,
        sessionMs: settings.kafka.sessionMs,
        tickMs: settings.clock.tickSeconds * 1000,
      })
      try {
        await worker.start()
        await session.write('ready\n')
        await Promise.race([worker.failure, untilAborted(session.signal)])
      } finally {
        await worker.stop()
        await data.close()
      }
    },
  })
}

function shardOf(text: string): { index: number; of: number } {
  const [, i, n] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []
  const [index, of] = [Number(i), Number(n)]
  if (!(index >= 1 && index <= of))
    throw new StratumError('USAGE', `--shards ${text}: say i/n with i from 1 to n, as 1/3`)
  return { index: index - 1, of }
}
