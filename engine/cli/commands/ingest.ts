import { tickKind } from '../../clock/tick.ts'
import { didYouMean, merge, parseSets, readConfigMap, validate } from '../../config/index.ts'
import { StratumError } from '../../errors.ts'
import { Engine } from '../../runtime/engine.ts'
import type { Observer } from '../../runtime/options.ts'
import type { Stores } from '../../runtime/stores.ts'
import type { Source, SourceConfig } from '../../source/port.ts'
import type { SyncReport } from '../../source/sync-run.ts'
import type { Application } from '../../stage/topology.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  type OutputOptions,
  printDocument,
  type SetOptions,
  withOutput,
  withSets,
} from '../kit/index.ts'
import { type MakeApplication, observe, openData, settingsOf } from '../open.ts'

interface Options extends DataOptions, OutputOptions, SetOptions {
  readonly tenant: string
}

/** Tries in a row without progress before an `ingest` gives up on a source that is away. */
const MAX_TRIES = 5

/** The source of that id, or USAGE with the nearest one. */
export function sourceOf(app: Pick<Application, 'sources'>, id: string): Source {
  const found = app.sources.find(s => s.id === id)
  if (found) return found
  const ids = app.sources.map(s => s.id)
  throw new StratumError(
    'USAGE',
    `there is no connector ${id}${didYouMean(id, ids)}; there are: ${ids.join(', ')}`,
  )
}

/** A connector's configuration: its file, then `--set`, checked against its schema with defaults filled in. */
export function sourceConfig(
  source: Source,
  options: { config?: string; set: readonly string[] },
): SourceConfig {
  const base = options.config === undefined ? {} : readConfigMap(options.config)
  return validate(
    source.spec,
    merge(base, parseSets(options.set, source.spec)),
    `configuration of ${source.id}`,
  ) as SourceConfig
}

export const TENANT = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/

export function checkTenant(tenant: string): string {
  if (!TENANT.test(tenant))
    throw new StratumError(
      'USAGE',
      `tenant "${tenant}" must be 1 to 63 letters, digits, - or _, and begin with a letter or digit`,
    )
  return tenant
}

export function ingestCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options, [string]>(program, {
    usage: 'ingest <connector>',
    summary: 'run one connector to its end, until every row that follows from it is in the warehouse',
    examples: [
      'stratum ingest ga4 --set path=exports/ --tenant demo',
      'stratum ingest csv --set path=spend.csv --set mapping=kag --tenant demo',
    ],
    options: c => {
      c.requiredOption('--tenant <id>', 'whose data it is')
      withOutput(withSets(c))
      c.option('--data <dir>', 'directory of the embedded stores (default: .stratum)')
      c.option('--config <file>', "the connector's settings, YAML or JSON")
    },
    async run(session, options, [id]) {
      const settings = settingsOf(options.data === undefined ? {} : { data: options.data })
      const source = sourceOf(make(settings), id)
      const tenant = checkTenant(options.tenant)
      const config = sourceConfig(source, options)
      const begun = performance.now()
      const progress = session.progress(`ingest ${id}`)
      const counts = { written: 0, deadLettered: 0 }
      const observer: Observer = {
        ...observe(null),
        handedOn: (_, kind, n) => {
          if (kind !== tickKind.name) counts.written += n
        },
        deadLetter: () => {
          counts.deadLettered++
        },
      }
      const data = await openData(make, settings, `stratum ingest ${id}`, observer)
      const engine = new Engine(data.stores)
      let report: SyncReport
      try {
        refuseIfPaused(data.stores, id, tenant)
        await engine.start()
        const notice = (message: string) => process.stderr.write(`${id}: ${message}\n`)
        const onProgress = (read: number) => progress.update(read)
        const sync = engine.sync({
          source,
          config,
          tenant,
          clockMode: 'event',
          signal: session.signal,
          maxTries: MAX_TRIES,
          notice,
          onProgress,
        })
        report = await Promise.race([sync, engine.failure])
        await engine.drain(session.signal)
      } finally {
        await engine.stop()
        await data.close()
      }
      progress.end()
      const document = {
        connector: id,
        tenant,
        read: report.read,
        written: counts.written,
        dead_lettered: report.deadLettered + counts.deadLettered,
        repeats: report.read - report.deadLettered - counts.deadLettered - counts.written,
        seconds: Math.round(performance.now() - begun) / 1000,
      }
      await printDocument(session, document, options)
      if (document.dead_lettered > 0)
        process.stderr.write('`stratum deadletters list` shows what was refused and why\n')
    },
  })
}

/** With something paused the work would wait for ever: said at once. */
function refuseIfPaused({ gates }: Stores, connector: string, tenant: string): void {
  for (const { kind, name, since } of gates.list())
    if (kind === 'stage' || name === (kind === 'connector' ? connector : tenant))
      throw new StratumError(
        'PAUSED',
        `${kind} ${name} is paused since ${since}: \`stratum resume --${kind} ${name}\` first`,
      )
}
