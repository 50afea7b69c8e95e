import { messageOf, StratumError } from '../../errors.ts'
import { redactText } from '../../telemetry/redact.ts'

/** 0 done, 1 the work failed, 2 wrong arguments; 128 + n ended by signal n, as shells have it. */
export const EXIT = { done: 0, failed: 1, usage: 2, sigint: 130, sigterm: 143 } as const

/** An error, and the command it came from: `stratum ingest`. */
export class Failure extends Error {
  readonly command: string
  constructor(command: string, cause: unknown) {
    super(messageOf(cause), { cause })
    this.command = command
  }
}

export function exitCodeOf(error: unknown): number {
  const cause = error instanceof Failure ? error.cause : error
  return cause instanceof StratumError && cause.code === 'USAGE' ? EXIT.usage : EXIT.failed
}

/** `stratum ingest: what is wrong, where, what to do`: one line; the stack only with STRATUM_DEBUG=1. */
export function failureLine(error: unknown, debug: boolean): string {
  const { command, cause } = error instanceof Failure ? error : { command: 'stratum', cause: error }
  const line = redactText(
    messageOf(cause)
      .replace(/\s*[\r\n]+\s*/g, ' ')
      .trim(),
  )
  const hint = isBug(cause) && !debug ? ' (STRATUM_DEBUG=1 shows where this came from)' : ''
  const stack = debug && cause instanceof Error ? `\n${redactText(cause.stack ?? '')}` : ''
  return `${command}: ${line}${hint}${stack}\n`
}

const BUGS = [TypeError, ReferenceError, RangeError, SyntaxError]
const isBug = (error: unknown) => BUGS.some(kind => error instanceof kind)
