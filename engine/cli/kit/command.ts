import type { Command } from 'commander'
import { Failure } from './failure.ts'
import { type CliCommand, pathOf } from './program.ts'
import { type Session, startSession } from './session.ts'

/**
 * One command. `O`: its options as commander reads them; `A`: its arguments, in the order of `usage`.
 *
 * The work throws StratumError('USAGE') for arguments that are wrong (exit 2), any other error when it fails
 * (exit 1), and may return an exit code of its own. When `session.signal` aborts it stops cleanly: returning means
 * done, throwing the signal's reason means cut short.
 */
export interface CommandSpec<O, A extends readonly unknown[]> {
  /** Name and arguments: `query <sql>`, `lint [files...]`. */
  readonly usage: string
  readonly summary: string
  /** Command lines that work as they are, shown by --help. */
  readonly examples: readonly [string, ...string[]]
  readonly options?: (command: CliCommand) => unknown
  readonly run: (session: Session, options: O, args: A) => Promise<number | undefined> | Promise<void>
}

export function addCommand<O = Record<string, never>, A extends readonly unknown[] = readonly []>(
  parent: CliCommand,
  spec: CommandSpec<O, A>,
): CliCommand {
  const command = parent.command(spec.usage) as CliCommand
  command.description(spec.summary)
  withExamples(command, spec.examples)
  spec.options?.(command)
  command.action(runCommand(spec.run))
  return command
}

/** A group of commands, as `connections` of `connections add`. Without one of them it shows its help (exit 2). */
export function addGroup(
  parent: CliCommand,
  name: string,
  summary: string,
  examples: CommandSpec<never, never>['examples'],
): CliCommand {
  const group = parent.command(name).description(summary) as CliCommand
  withExamples(group, examples)
  return group
}

function withExamples(command: Command, examples: readonly string[]): void {
  const title = examples.length > 1 ? 'Examples' : 'Example'
  command.addHelpText('after', `\n${title}:\n  ${examples.join('\n  ')}`)
}

const sessions = new WeakMap<Command, Session>()
const exitCodes = new WeakMap<Command, number>()

const rootOf = (command: Command): Command => (command.parent ? rootOf(command.parent) : command)

/** Ties a session to a program for the commands it runs, and gives what the command returned as its exit code. */
export function useSession(root: Command, session: Session): () => number {
  sessions.set(root, session)
  return () => exitCodes.get(root) ?? 0
}

/** An action for commander from work that knows nothing of commander. */
export function runCommand<O, A extends readonly unknown[]>(run: CommandSpec<O, A>['run']) {
  return async (...raw: unknown[]): Promise<void> => {
    const command = raw.at(-1) as Command
    const root = rootOf(command)
    const session = sessions.get(root) ?? startSession()
    try {
      const code = await run(session, command.optsWithGlobals() as O, raw.slice(0, -2) as unknown as A)
      exitCodes.set(root, code ?? 0)
    } catch (error) {
      throw error instanceof Failure ? error : new Failure(pathOf(command), error)
    }
  }
}
