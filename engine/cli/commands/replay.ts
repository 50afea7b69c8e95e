import { StratumError } from '../../errors.ts'
import { usage } from '../../ops/args.ts'
import { replayInto, type Summary } from '../../replay/run.ts'
import { targetOf } from '../../replay/target.ts'
import { lineOf } from '../../replay/told.ts'
import { silent } from '../../runtime/options.ts'
import { askOne, refuseWithoutData } from '../ask.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  type OutputOptions,
  printDocument,
  printRows,
  type Row,
  type Session,
  withData,
  withOutput,
} from '../kit/index.ts'
import { engineOptions, type MakeApplication, settingsOf, usesKafka } from '../open.ts'

interface Options extends DataOptions, OutputOptions {
  readonly pipeline?: string
  readonly decision?: string
  readonly from?: string
  readonly to?: string
  readonly tenant?: string
  readonly out?: string
  readonly compare: boolean
}

/**
 * It asks no running engine: what is replayed is what this release makes of the log, which the engine that runs may
 * not be of.
 */
export function replayCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options>(program, {
    usage: 'replay',
    summary: "fold a task's input again, beside what is live, and compare what comes out with the log",
    examples: [
      'stratum replay --pipeline tenant --out again',
      'stratum replay --decision 0b8b7df6e3411cdd03abb26716af8129 --json',
      'stratum replay --pipeline sessions --from 2026-01-31 --tenant demo --out again --json',
    ],
    options: c => {
      c.option('--pipeline <name>', 'a task; or a stage, whose task is run: kept is what the stage has made')
      c.option('--decision <id>', 'instead: one decision again, from its record; exit 1 if it differs')
      c.option('--out <dir>', 'an empty folder, for a file a topic and summary.json')
      c.option(
        '--from <place>',
        'keep outputs from here on: an offset of each partition, or an ingest time; what was before is folded and compared all the same, since the rest builds on it',
      )
      c.option('--to <place>', 'end before this offset of each partition, or this ingest time')
      c.option('--tenant <id>', 'records of this tenant only')
      c.option('--no-compare', 'do not compare with what the live task wrote')
      withOutput(withData(c))
    },
    async run(session, options) {
      const { pipeline, out, from, to, tenant, compare } = options
      if (options.decision !== undefined) return replayDecision(make, session, options, options.decision)
      if (pipeline === undefined) throw usage('--pipeline NAME is missing: a task or stage of `stratum map`')
      if (out === undefined) throw usage('--out DIR is missing: an empty folder for what is written')
      const settings = settingsOf(options)
      const kafka = usesKafka(settings)
      const engine = engineOptions(settings, silent, { kafka })
      // What was signed is signed again, and is the same: as far as the key is still the one.
      const app = make({ ...settings, signing: engine.signing })
      targetOf(app, pipeline)
      if (!kafka) refuseWithoutData(settings.dataDir)
      const bar = session.progress(`replay ${pipeline}`)
      const summary = await replayInto(
        app,
        engine,
        { pipeline, out, from, to, tenant, compare },
        { signal: session.signal, onProgress: (done, total) => bar.update(done, total) },
      ).finally(() => bar.end())
      await print(session, summary, options)
      if (summary.difference)
        throw new StratumError(
          'REPLAY_DIFFERS',
          `what this release makes of the log is not what the log has: ${lineOf(summary.difference)}`,
        )
    },
  })
}

async function print(session: Session, summary: Summary, options: OutputOptions): Promise<void> {
  if (options.json || options.ndjson) return printDocument(session, { ...summary }, options)
  const { topics, notes, difference: _, ...document } = summary
  await printDocument(session, document)
  await session.write('\n')
  await printRows(session, topics.map(topic => ({ ...topic })) as Row[])
  for (const note of notes) process.stderr.write(`${note}\n`)
}

async function replayDecision(
  make: MakeApplication,
  session: Session,
  options: Options,
  decision: string,
): Promise<void> {
  if (options.pipeline !== undefined) throw usage('--decision and --pipeline are two different replays')
  const again = await askOne<Again>(make, options, session, 'decision.replay', { decision })
  await printDocument(session, again as unknown as Row, options)
  if (!again.same)
    throw new StratumError(
      'REPLAY_DIFFERS',
      `decision ${decision} comes out otherwise: ${again.differs.join(', ') || 'its hash'}`,
    )
}

interface Again {
  readonly same: boolean
  readonly differs: readonly string[]
}
