import { setTimeout as sleep } from 'node:timers/promises'
import { serveControl } from '../../control/index.ts'
import { operations } from '../../ops/index.ts'
import { logger } from '../../telemetry/logger.ts'
import { createMetrics } from '../../telemetry/metrics.ts'
import { contextOf, itemsOf } from '../ask.ts'
import { beside } from '../beside.ts'
import { beginDemo } from '../demo.ts'
import { executing } from '../executing.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  integer,
  untilAborted,
  withData,
} from '../kit/index.ts'
import { engineOptions, type MakeApplication, observe, openData, settingsOf } from '../open.ts'
import { running } from '../running.ts'
import { scheduling } from '../scheduling.ts'

interface Options extends DataOptions {
  readonly port?: number
  readonly demo?: boolean
  readonly kafka?: boolean
}

/** The demo shows figures soon; a tick a minute is for those who know what they wait for. */
const DEMO_TICK_MS = 3_000
const CLEAN_EVERY_MS = 10 * 60_000

export function startCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options>(program, {
    usage: 'start',
    summary: 'everything in one process: log, stages, warehouse, API',
    examples: [
      'stratum start --demo',
      'stratum start --port 8080 --data /var/lib/stratum',
      'STRATUM_KAFKA__BROKERS=localhost:9092 stratum start --kafka',
    ],
    options: c => {
      withData(c)
      c.option('--port <n>', 'port of the API (default: 8000)', integer(0, 65_535))
      c.option(
        '--kafka',
        'the configured Kafka (and ClickHouse, where warehouse.url is set) instead of the embedded stores',
      )
      c.option(
        '--demo',
        'adds a demo tenant: a simulated shop on six simulated platforms, read as real ones are',
      )
    },
    async run(session, options) {
      const base = settingsOf(options)
      const settings =
        options.port === undefined ? base : { ...base, api: { ...base.api, port: options.port } }
      const metrics = createMetrics({ process: true })
      const log = logger('start')
      const app = make(settings)
      const data = await openData(make, settings, 'stratum start', observe(metrics), {
        kafka: options.kafka ?? false,
      })
      const engine = await running(data.stores, {
        sessionMs: settings.kafka.sessionMs,
        tickMs: options.demo ? DEMO_TICK_MS : settings.clock.tickSeconds * 1000,
      })
      const closing: (() => Promise<void>)[] = []
      try {
        await engine.start()
        const schedules = scheduling({
          stores: data.stores,
          engine,
          concurrency: settings.connections.concurrency,
        })
        closing.push(() => schedules.stop())
        const execution = executing(engine, metrics)
        closing.push(async () => execution?.stop())
        const others = beside(engine)
        closing.push(() => others.stop())
        // The demo begins them when its connections know where its platforms listen this time.
        if (!options.demo) await schedules.beginWhereConnected()
        const context = contextOf(data.stores, engine, metrics, schedules)
        const control = await serveControl(
          settings.dataDir,
          Object.fromEntries(
            Object.entries(operations).map(([name, op]) => [
              name,
              (args: unknown, signal: AbortSignal) =>
                itemsOf(op(context, args as Record<string, unknown>, signal)),
            ]),
          ),
        )
        closing.push(() => control.close())
        const { signal } = session
        const { clock } = engineOptions(settings, observe(metrics))
        const work: Promise<unknown>[] = [cleanNowAndThen(data.stores.log, clock, signal)]
        if (options.demo) {
          const demo = beginDemo(data.stores, schedules)
          work.push(demo)
          // Its platforms end after the schedules that read them, and these after it has begun them.
          closing.unshift(() => demo.then(begun => begun.close()).catch(() => {}))
          closing.push(() => demo.then(() => {}).catch(() => {}))
        }
        if (app.serve) {
          const service = await app.serve({
            engine,
            warehouse: await data.stores.warehouse(),
            settings,
            metrics,
            clock,
          })
          closing.push(() => service.close())
          await session.write(`ready ${service.url}\n`)
        } else await session.write('ready\n')
        await Promise.race([
          engine.failure,
          ...work.map(w => w.then(() => new Promise(() => {}))),
          untilAborted(signal),
        ])
        log.info('Stopping.')
      } finally {
        for (const close of closing.reverse()) await close()
        await engine.stop()
        await data.close()
      }
    },
  })
}

async function cleanNowAndThen(
  log: { clean(now: number): Promise<unknown> },
  clock: () => number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(CLEAN_EVERY_MS, undefined, { signal }).catch(() => {})
    if (!signal.aborted) await log.clean(clock())
  }
}
