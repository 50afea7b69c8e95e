import { tickKind } from '../../clock/tick.ts'
import { StratumError } from '../../errors.ts'
import type { Observer } from '../../runtime/options.ts'
import type { Stores } from '../../runtime/stores.ts'
import { Tally } from '../../runtime/tally.ts'
import type { SyncReport } from '../../source/sync-run.ts'
import { explained } from '../../source/trouble.ts'
import { checkTenant, engineSettings, sourceOf, withConnector } from '../connector.ts'
import { addCommand, type CliCommand, type OutputOptions, printDocument, withOutput } from '../kit/index.ts'
import { type MakeApplication, observe, openData } from '../open.ts'
import { running } from '../running.ts'
import { configured, type TrialOptions, withTrial } from '../trial.ts'

interface Options extends OutputOptions, TrialOptions {
  readonly tenant?: string
}

/** Tries in a row without progress before an `ingest` gives up on a source that is away. */
const MAX_TRIES = 5

export function ingestCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options, [string]>(program, {
    usage: 'ingest <connector>',
    summary: 'run one connector to its end, until every row that follows from it is in the warehouse',
    examples: [
      'stratum ingest ga4 --set path=exports/ --tenant demo',
      'stratum ingest csv --set path=spend.csv --set mapping=kag --tenant demo',
    ],
    options: c => {
      // Not commander's requiredOption: that would hide a misspelt option behind the one it was meant to be.
      c.option('--tenant <id>', 'whose data it is (required)')
      withOutput(withTrial(withConnector(c)))
    },
    async run(session, options, [name]) {
      const app = make(engineSettings(options))
      const source = sourceOf(app, name)
      const { id } = source
      if (options.tenant === undefined) throw new StratumError('USAGE', 'say whose data it is: --tenant ID')
      const tenant = checkTenant(options.tenant)
      const { config, settings, close } = await configured(source, options, engineSettings(options))
      const begun = performance.now()
      const progress = session.progress(`ingest ${id}`)
      const counts = { written: 0, deadLettered: 0, repeats: 0 }
      // Counted where they are told: what an earlier run left in the log, or a replay put there, was not read now.
      const collecting = new Set(app.tasks.filter(task => task.from === 'raw').map(task => task.name))
      const observer: Observer = {
        ...observe(null),
        handedOn: (_, kind, n) => {
          if (kind !== tickKind.name) counts.written += n
        },
        dropped: (task, _, n) => {
          if (collecting.has(task)) counts.repeats += n
        },
        deadLetter: () => {
          counts.deadLettered++
        },
      }
      const data = await openData(make, settings, `stratum ingest ${id}`, observer)
      // On Kafka it is one worker more for as long as it runs: what a worker does, it does.
      const engine = await running(data.stores, {
        sessionMs: settings.kafka.sessionMs,
        ...(data.stores.options.kafka ? { tickMs: settings.clock.tickSeconds * 1000 } : {}),
      })
      let report: SyncReport
      let tallied: { written: number; deadLettered: number } | null = null
      try {
        refuseIfPaused(data.stores, id, tenant)
        await engine.start()
        const tally = data.stores.options.kafka ? await Tally.begin(data.stores, tenant) : null
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
        report = await Promise.race([sync, engine.failure]).catch(error => {
          throw explained(id, error)
        })
        await engine.drain(session.signal)
        if (tally) tallied = await tally.count(id)
      } finally {
        await engine.stop()
        await data.close()
        await close()
      }
      progress.end()
      const document = {
        connector: id,
        tenant,
        read: report.read,
        written: tallied ? tallied.written : counts.written,
        dead_lettered: tallied ? tallied.deadLettered : report.deadLettered + counts.deadLettered,
        // Other processes dropped some of them, and nothing says so in the log.
        repeats: tallied ? null : counts.repeats,
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
