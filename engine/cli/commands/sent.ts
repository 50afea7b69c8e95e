import { StratumError } from '../../errors.ts'
import type { Answered } from '../../ops/command.ts'
import { carryOut } from '../carry-out.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  type OutputOptions,
  printDocument,
  type Row,
  type Session,
  withData,
  withOutput,
} from '../kit/index.ts'
import type { MakeApplication } from '../open.ts'

export interface SentOptions extends DataOptions, OutputOptions {
  readonly tenant?: string
  readonly as?: string
  readonly role?: string
  readonly reason?: string
  readonly entity?: string
  readonly action?: string
  readonly to?: number
  readonly token?: string
  readonly only?: string
  readonly person?: string
  readonly file?: string
  readonly until?: string
}

/** A command that people send: what it is called here and in the log, and what its body says. */
export interface Sent {
  readonly usage: string
  readonly command: string
  readonly summary: string
  readonly examples: readonly [string, ...string[]]
  options?(c: CliCommand): void
  body(args: readonly string[], options: SentOptions): unknown
}

/** Adds what sends a command and prints its answer; refused: exit 1 and the code. */
export function addSent(group: CliCommand, name: string, sent: Sent, make: MakeApplication): void {
  addCommand<SentOptions, string[]>(group, {
    usage: sent.usage,
    summary: sent.summary,
    examples: sent.examples,
    options: c => {
      c.option('--tenant <id>', 'whose')
      sent.options?.(c)
      c.option('--as <user>', 'who asks (default: local)')
      c.option('--role <role>', 'and as what: VIEWER, ANALYST, MANAGER, ADMIN (the default) or SUPERADMIN')
      c.option('--reason <text>', 'why')
      withOutput(withData(c))
    },
    run: (session, options, args) =>
      give(
        session,
        options,
        sent.command,
        sent.body(args, options),
        make,
        `${name} ${sent.usage.split(' ')[0]}`,
      ),
  })
}

async function give(
  session: Session,
  options: SentOptions,
  command: string,
  body: unknown,
  make: MakeApplication,
  name: string,
): Promise<void> {
  const { tenant, as: actor, role, reason } = options
  if (tenant === undefined) throw new StratumError('USAGE', `${name}: say whose: --tenant ID`)
  const args = { command, tenant, actor, role: role?.toUpperCase(), reason, body }
  const answer = await carryOut<Answered>(make, options, session, 'command.send', args)
  const { body: said, ...rest } = answer
  await printDocument(session, { ...rest, ...said } as Row, options)
  if (!answer.accepted) throw new StratumError('COMMAND_REFUSED', `${answer.code}: ${answer.message}`)
}
