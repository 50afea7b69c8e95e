import { sourceContext } from '../../source/context.ts'
import { explained } from '../../source/trouble.ts'
import { type ConnectorOptions, engineSettings, sourceConfig, sourceOf, withConnector } from '../connector.ts'
import { addCommand, type CliCommand, type OutputOptions, printDocument, withOutput } from '../kit/index.ts'
import type { MakeApplication } from '../open.ts'

export function checkCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<OutputOptions & ConnectorOptions, [string]>(program, {
    usage: 'check <connector>',
    summary: 'can it connect, and may it read what it needs: exit 1 and one line when not',
    examples: ['stratum check ga4 --set path=exports/', 'stratum check csv --config spend.yaml'],
    options: c => withOutput(withConnector(c)),
    async run(session, options, [name]) {
      const source = sourceOf(make(engineSettings(options)), name)
      const { id } = source
      const config = sourceConfig(source, options)
      try {
        await source.check(sourceContext({ config, signal: session.signal }))
      } catch (error) {
        session.signal.throwIfAborted()
        throw explained(id, error)
      }
      // A check that was cut short has found nothing wrong, and nothing right.
      session.signal.throwIfAborted()
      await printDocument(session, { connector: id, status: 'ok' }, options)
    },
  })
}
