import { addCommand, type CliCommand, type OutputOptions, printRows, withOutput } from '../kit/index.ts'
import { type MakeApplication, settingsOf } from '../open.ts'

export function connectorsCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<OutputOptions>(program, {
    usage: 'connectors',
    summary: 'what can be read: the installed connectors and their streams',
    examples: ['stratum connectors', 'stratum connectors --json'],
    options: withOutput,
    async run(session, options) {
      const { sources } = make(settingsOf({}))
      const rows = sources.map(({ id, version, streams, origin }) => {
        const names = streams.map(s => s.name)
        const forPerson = !options.json && !options.ndjson
        return { id, version, streams: forPerson ? names.join(', ') : names, source: origin }
      })
      await printRows(session, rows, options)
    },
  })
}
