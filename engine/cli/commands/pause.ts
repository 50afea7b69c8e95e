import { StratumError } from '../../errors.ts'
import type { PauseResult } from '../../ops/pause.ts'
import { askOne } from '../ask.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  type OutputOptions,
  printDocument,
  type Row,
  withData,
  withOutput,
} from '../kit/index.ts'
import type { MakeApplication } from '../open.ts'

interface Options extends DataOptions, OutputOptions {
  readonly stage?: string
  readonly connector?: string
  readonly tenant?: string
}

export function pauseCommands(program: CliCommand, make: MakeApplication): void {
  add(
    program,
    make,
    'pause',
    'stop a stage, a connector or a tenant, losing nothing; a restart keeps it stopped',
  )
  add(program, make, 'resume', 'let a paused stage, connector or tenant go on where it stopped')
}

function add(program: CliCommand, make: MakeApplication, name: 'pause' | 'resume', summary: string): void {
  addCommand<Options>(program, {
    usage: name,
    summary,
    examples: [`stratum ${name} --stage normalise`, `stratum ${name} --tenant demo`],
    options: c => {
      c.option('--stage <name>', 'a stage (its whole task waits) or a table')
      c.option('--connector <id>', 'reading from a connector')
      c.option('--tenant <id>', 'reading for a tenant')
      withOutput(withData(c))
    },
    async run(session, options) {
      const [chosen, ...more] = (['stage', 'connector', 'tenant'] as const).filter(
        k => options[k] !== undefined,
      )
      if (chosen === undefined || more.length > 0)
        throw new StratumError('USAGE', 'give exactly one of --stage NAME, --connector ID, --tenant ID')
      const args = { kind: chosen, name: options[chosen] }
      const result = await askOne<PauseResult>(make, options, session, name, args)
      if (options.json || options.ndjson) return printDocument(session, result as unknown as Row, options)
      await session.write(`${sentence(result)}\n`)
    },
  })
}

/** What was done, and what it means for what runs. */
function sentence({ kind, name, paused, changed, since, holds, still_paused, engine }: PauseResult): string {
  const what = `${kind} ${name}`
  const idle = engine === 'stopped' ? ' (no engine runs now)' : ''
  if (paused) {
    const done = changed ? 'is paused' : `was paused already, since ${since}`
    return `${what} ${done}; on hold: ${holds.join(', ')}${idle}. Nothing is lost; go on with: stratum resume --${kind} ${name}`
  }
  if (!changed) return `${what} was not paused: nothing to do`
  const rest = still_paused.length > 0 ? `; still held by: ${still_paused.join(', ')}` : ''
  return `${what} is resumed; goes on: ${holds.join(', ')}${rest}${idle}`
}
