import { ask } from '../ask.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  type OutputOptions,
  printRows,
  type Row,
  withData,
  withOutput,
} from '../kit/index.ts'
import type { MakeApplication } from '../open.ts'

export function queryCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<DataOptions & OutputOptions, [string]>(program, {
    usage: 'query <sql>',
    summary: 'ask the warehouse, read only',
    examples: ['stratum query "SELECT date, users, revenue_micros FROM stratum.funnel_daily ORDER BY date"'],
    options: c => withOutput(withData(c)),
    async run(session, options, [sql]) {
      await printRows(session, ask(make, options, session, 'query', { sql }) as AsyncIterable<Row>, options)
    },
  })
}
