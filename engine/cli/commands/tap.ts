import { ask, untilStopped } from '../ask.ts'
import {
  addCommand,
  type CliCommand,
  cell,
  type DataOptions,
  integer,
  type OutputOptions,
  printRows,
  type Row,
  withData,
  withOutput,
} from '../kit/index.ts'
import type { MakeApplication } from '../open.ts'

interface Options extends DataOptions, OutputOptions {
  readonly tenant?: string
  readonly from: string
  readonly partition?: number
  readonly count?: number
  readonly follow: boolean
}

export function tapCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options, [string]>(program, {
    usage: 'tap <topic>',
    summary: 'look at decoded records of a topic as they pass, changing nothing; Ctrl-C ends it',
    examples: [
      'stratum tap facts --count 10',
      'stratum tap raw.ga4 --from latest --tenant demo',
      'stratum tap deadletters --no-follow --ndjson',
    ],
    options: c => {
      c.option('--tenant <id>', 'records of this tenant only')
      c.option('--from <place>', 'earliest, latest, or an offset of each partition', 'earliest')
      c.option('--partition <n>', 'one partition only', integer())
      c.option('--count <n>', 'end after so many', integer(1))
      c.option('--no-follow', 'end at what is there now (as where no engine runs)')
      withData(withOutput(c))
    },
    async run(session, options, [topic]) {
      const { tenant, from, partition, count, follow } = options
      const args = { topic, tenant, from, partition, count, follow }
      const rows = untilStopped(session, ask(make, options, session, 'tap', args)) as AsyncIterable<Row>
      if (options.json || options.ndjson) return printRows(session, rows, options)
      for await (const row of rows) await session.write(line(row))
    },
  })
}

/** A record on one line, as soon as it is there: a table would wait for the last one. */
function line({ topic, partition, offset, key, tenant, time, kind, value, undecodable }: Row): string {
  const place = `${String(topic).replace(/^stratum\./, '')}/${partition}@${offset}`
  const parts = [
    time,
    place,
    tenant || null,
    kind,
    String(key).replaceAll('\x1f', ' · '),
    undecodable ?? value,
  ]
  return `${parts.map(cell).join('  ')}\n`
}
