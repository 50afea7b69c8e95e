import {
  addCommand,
  type CliCommand,
  type DataOptions,
  type OutputOptions,
  printRows,
  withData,
  withOutput,
} from '../kit/index.ts'
import { type MakeApplication, settingsOf } from '../open.ts'

export function connectorsCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<DataOptions & OutputOptions>(program, {
    usage: 'connectors',
    summary: 'what can be read: the installed connectors and their streams',
    examples: ['stratum connectors', 'stratum connectors --json'],
    options: c => withOutput(withData(c)),
    async run(session, options) {
      const { sources } = make(settingsOf(options))
      const rows = sources.map(({ id, version, streams, origin }) => ({
        id,
        version,
        streams: streams.map(s => s.name),
        source: origin,
      }))
      await printRows(session, rows, options)
    },
  })
}
