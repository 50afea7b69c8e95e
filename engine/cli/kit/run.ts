import { CommanderError } from 'commander'
import { useSession } from './command.ts'
import { EXIT, exitCodeOf, Failure, failureLine } from './failure.ts'
import { leave } from './leave.ts'
import type { CliCommand } from './program.ts'
import { type OwnSession, Stopped, startSession } from './session.ts'

/**
 * Runs a program and ends the process: the only place that does. Its exit code is 0, 1, 2, or 128 + n when a
 * signal cut the work short; an error is one line on stderr.
 */
export async function runProgram(root: CliCommand, argv: readonly string[] = process.argv): Promise<never> {
  const session = startSession()
  const fail = (error: unknown) => {
    process.stderr.write(failureLine(error, isDebug()))
    leave(EXIT.failed)
  }
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
  const exitCode = useSession(root, session)
  let code: number
  try {
    await root.parseAsync(argv)
    code = exitCode()
  } catch (error) {
    code = await report(error, session)
  }
  await session.end()
  leave(code)
}

const isDebug = () => process.env.STRATUM_DEBUG === '1'

async function report(error: unknown, session: OwnSession): Promise<number> {
  // Help and version: commander has written them, to stderr when a command was missing.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
  const stopped = session.stopped()
  if (stopped?.signal === 'EPIPE') return EXIT.done
  await session.end()
  process.stderr.write(failureLine(error, isDebug()))
  const cause = error instanceof Failure ? error.cause : error
  const cutShort = cause instanceof Stopped || (cause instanceof Error && cause.name === 'AbortError')
  if (stopped && cutShort) return stopped.signal === 'SIGINT' ? EXIT.sigint : EXIT.sigterm
  return exitCodeOf(error)
}
