import { resolve } from 'node:path'
import type { Sample } from '../../ops/top.ts'
import { ask, untilStopped } from '../ask.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  decimal,
  integer,
  type OutputOptions,
  printRows,
  type Row,
  table,
  withData,
  withOutput,
} from '../kit/index.ts'
import { type MakeApplication, settingsOf } from '../open.ts'

interface Options extends DataOptions, OutputOptions {
  readonly every: number
  readonly count?: number
}

/** To the upper left corner; what is left of the last picture goes line by line. */
const HOME = '\u001b[H\u001b[2J'

export function topCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options>(program, {
    usage: 'top',
    summary:
      'live rates: records a second through each stage and into each table, and how far behind they are',
    examples: ['stratum top', 'stratum top --json', 'stratum top --every 10 --count 6 --ndjson'],
    options: c => {
      c.option('--every <seconds>', 'what is counted together', decimal(0.1, 3600), 1)
      c.option('--count <n>', 'so many times (default: without end on a terminal, else once)', integer(1))
      withOutput(withData(c))
    },
    async run(session, options) {
      const data = options.json || options.ndjson
      const live = !data && process.stdout.isTTY === true
      const args = { every_ms: options.every * 1000, samples: options.count ?? (live ? undefined : 1) }
      const samples = untilStopped(session, ask(make, options, session, 'top', args)) as AsyncIterable<Sample>
      if (data) return printRows(session, rowsOf(noting(samples, options)), options)
      for await (const sample of noting(samples, options))
        await session.write(`${live ? HOME : ''}${table(sample.rates as unknown as Row[])}`)
    },
  })
}

async function* noting(samples: AsyncIterable<Sample>, options: DataOptions): AsyncGenerator<Sample> {
  for await (const sample of samples) {
    yield sample
    if (sample.engine === 'stopped')
      process.stderr.write(`no engine runs on ${resolve(settingsOf(options).dataDir)}: nothing moves\n`)
  }
}

async function* rowsOf(samples: AsyncIterable<Sample>): AsyncGenerator<Row> {
  for await (const { time, seconds, rates } of samples)
    for (const rate of rates) yield { time, seconds, ...rate }
}
