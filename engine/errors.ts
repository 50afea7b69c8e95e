/**
 * The one catalogue of errors the engine raises. A message says what went wrong, where, and what to do;
 * `code` is stable and documented in engine/README.md.
 */
export type ErrorCode =
  | 'CONFIG_INVALID'
  | 'DATA_DIR_IN_USE'
  | 'TOPIC_MISMATCH'
  | 'TOPIC_UNKNOWN'
  | 'OFFSET_OUT_OF_RANGE'
  | 'WRITER_FENCED'
  | 'WRITER_LOST'
  | 'LOG_CORRUPT'
  | 'FORMAT_UNSUPPORTED'
  | 'LOG_CLOSED'
  | 'SCHEMA_INCOMPATIBLE'
  | 'SCHEMA_UNKNOWN'
  | 'RECORD_INVALID'
  | 'STATE_VERSION'
  | 'TABLE_MISMATCH'
  | 'STORE_UNAVAILABLE'
  | 'STORE_REFUSED'
  | 'OUTCOME_UNKNOWN'
  | 'NOT_FOUND'
  | 'PAUSED'
  | 'PROCESS_LOST'
  | 'REPLAY_DIFFERS'
  | 'COMMAND_REFUSED'
  | 'USAGE'

export class StratumError extends Error {
  readonly code: ErrorCode
  readonly details: readonly string[]
  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: readonly string[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'StratumError'
    this.code = code
    this.details = options.details ?? []
  }
}

/** An outage (a store or a platform is away): the work pauses and tries again, nothing is dead-lettered. */
export function isOutage(error: unknown): boolean {
  return error instanceof StratumError && error.code === 'STORE_UNAVAILABLE'
}

/** One line for a person: never a stack trace. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message || error.name
  return String(error)
}
