import { StratumError } from '../../errors.ts'
import { settingsIn, settingsTable } from '../../source/settings-table.ts'
import { sourceOf } from '../connector.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  type OutputOptions,
  printDocument,
  printRows,
  type Row,
  withData,
  withOutput,
} from '../kit/index.ts'
import { type MakeApplication, settingsOf } from '../open.ts'

export function specCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<DataOptions & OutputOptions & { readonly format?: string }, [string]>(program, {
    usage: 'spec <connector>',
    summary: 'what a connector has to be told: its settings; as JSON Schema with --json',
    examples: ['stratum spec csv', 'stratum spec csv --json', 'stratum spec csv --format markdown'],
    options: c => {
      withOutput(withData(c))
      c.option('--format <format>', 'markdown: the table that the README of the connector shows')
    },
    async run(session, options, [id]) {
      const { spec } = sourceOf(make(settingsOf(options)), id)
      if (options.format !== undefined && options.format !== 'markdown')
        throw new StratumError('USAGE', `there is no format ${options.format}: markdown, or --json`)
      if (options.format) return session.write(settingsTable(spec))
      if (options.json || options.ndjson) return printDocument(session, spec as Row, options)
      await printRows(session, settingsIn(spec))
    },
  })
}
