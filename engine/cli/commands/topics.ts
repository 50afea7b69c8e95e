import { ask } from '../ask.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  type OutputOptions,
  printRows,
  type Row,
  type Session,
  withData,
  withOutput,
} from '../kit/index.ts'
import type { MakeApplication } from '../open.ts'

type Options = DataOptions & OutputOptions & { readonly partitions?: boolean }

export function topicsCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options>(program, {
    usage: 'topics',
    summary: 'what there is in the log: partitions, records, from when to when, how long it is kept',
    examples: ['stratum topics', 'stratum topics --partitions --json'],
    options: c => withOutput(withData(c)).option('--partitions', 'a row a partition, with its offsets'),
    run: shown(make, 'topics'),
  })
}

export function lagCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options>(program, {
    usage: 'lag',
    summary: 'how far behind each task (with its stages) and table is: records to be read, age of the oldest',
    examples: ['stratum lag', 'stratum lag --partitions'],
    options: c => withOutput(withData(c)).option('--partitions', 'a row a partition, with its position'),
    run: shown(make, 'lag'),
  })
}

/** Prints what an operation says of every topic or, with `--partitions`, of every partition. */
function shown(make: MakeApplication, operation: string) {
  return (session: Session, options: Options): Promise<void> => {
    const { partitions } = options
    const rows = ask(make, options, session, operation, { partitions }) as AsyncIterable<Row>
    return printRows(session, rows, options)
  }
}
