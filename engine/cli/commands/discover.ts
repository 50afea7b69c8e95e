import {
  type ConnectorOptions,
  engineSettings,
  sourceConfig,
  sourceOf,
  streamsOf,
  withConnector,
} from '../connector.ts'
import { addCommand, type CliCommand, type OutputOptions, printRows, withOutput } from '../kit/index.ts'
import type { MakeApplication } from '../open.ts'

export function discoverCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<OutputOptions & ConnectorOptions, [string]>(program, {
    usage: 'discover <connector>',
    summary: 'the streams of a connection: primary key, cursor field and, with --json, their schema',
    examples: [
      'stratum discover ga4 --set path=exports/',
      'stratum discover csv --set path=spend.csv --set mapping=kag --json',
    ],
    options: c => withOutput(withConnector(c)),
    async run(session, options, [id]) {
      const source = sourceOf(make(engineSettings(options)), id)
      const streams = await streamsOf(source, sourceConfig(source, options), session.signal)
      const forPerson = !options.json && !options.ndjson
      const rows = streams.map(({ name, title, kind, primaryKey, cursorField, schema }) => ({
        name,
        title,
        kind,
        primary_key: primaryKey,
        cursor_field: cursorField,
        ...(forPerson ? { fields: Object.keys(schema.properties ?? {}).length } : { schema }),
      }))
      await printRows(session, rows, options)
    },
  })
}
