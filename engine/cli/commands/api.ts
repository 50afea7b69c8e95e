import { StratumError } from '../../errors.ts'
import { createMetrics } from '../../telemetry/metrics.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  integer,
  untilAborted,
  withData,
} from '../kit/index.ts'
import { engineOptions, type MakeApplication, observe, openData, settingsOf } from '../open.ts'

interface Options extends DataOptions {
  readonly port?: number
}

export function apiCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options>(program, {
    usage: 'api',
    summary: 'the API only, beside workers: run as many as you like',
    examples: [
      'stratum api --config stratum.yaml --port 8000',
      'STRATUM_KAFKA__BROKERS=kafka:9092 STRATUM_WAREHOUSE__URL=http://clickhouse:8123 stratum api --port 8000',
    ],
    options: c => {
      withData(c)
      c.option('--port <n>', 'port of the API (default: 8000)', integer(0, 65_535))
    },
    async run(session, options) {
      const base = settingsOf(options)
      const settings =
        options.port === undefined ? base : { ...base, api: { ...base.api, port: options.port } }
      if (settings.warehouse.url === undefined)
        throw new StratumError(
          'CONFIG_INVALID',
          'warehouse.url is not set: the API answers from a ClickHouse that workers fill. Set STRATUM_WAREHOUSE__URL=http://host:8123, or run everything in one process with `stratum start`.',
        )
      const app = make(settings)
      if (!app.serve) throw new StratumError('USAGE', 'this application has no API')
      const metrics = createMetrics({ process: true })
      const observer = observe(metrics)
      const data = await openData(make, settings, 'stratum api', observer, { kafka: true })
      try {
        const { clock } = engineOptions(settings, observer)
        const { stores } = data
        const warehouse = await stores.warehouse()
        const failure = new Promise<never>(() => {})
        const service = await app.serve({ engine: { stores, failure }, warehouse, settings, metrics, clock })
        try {
          await session.write(`ready ${service.url}\n`)
          await untilAborted(session.signal)
        } finally {
          await service.close()
        }
      } finally {
        await data.close()
      }
    },
  })
}
