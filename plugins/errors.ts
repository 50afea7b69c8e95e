export { messageOf } from '../engine/errors.ts'

/**
 * The five kinds of trouble a connector can report. The harness decides what follows from the kind, so that an
 * author writes no retry loop:
 *
 * | kind      | means                                        | the harness                                   |
 * |-----------|----------------------------------------------|-----------------------------------------------|
 * | config    | the configuration is wrong                   | stops, shows the path and what to change      |
 * | auth      | credentials are refused, or a right lacks    | stops, asks to reconnect, or for the right    |
 * | retryable | try again later (outage, rate limit)         | waits (`retryAfterMs` or back-off), tries on  |
 * | payload   | this piece of data is bad                    | dead letter; its stream ends, the next begins |
 * | fatal     | cannot go on and trying again will not help  | stops                                         |
 *
 * A bare Error counts as fatal.
 */
export type ConnectorErrorKind = 'config' | 'auth' | 'retryable' | 'payload' | 'fatal'

const MARK = Symbol.for('stratum.connector-error')

export class ConnectorError extends Error {
  readonly kind: ConnectorErrorKind
  /** Of kind auth: what is missing. */
  readonly lack?: 'credentials' | 'permission'
  constructor(kind: ConnectorErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = `${kind[0]!.toUpperCase()}${kind.slice(1)}Error`
    this.kind = kind
    Object.defineProperty(this, MARK, { value: true })
  }

  /** True for connector errors of any copy of this package (a plugin may bring its own). */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && MARK in value
  }
}

/** The configuration is wrong. `path` is the JSON pointer of the setting. */
export function configError(message: string, path?: string): ConnectorError {
  return new ConnectorError('config', path ? `${path}: ${message}` : message)
}

/** Credentials are missing, wrong or expired: connecting again helps. */
export function authError(message: string, options?: { cause?: unknown }): ConnectorError {
  return Object.assign(new ConnectorError('auth', message, options), { lack: 'credentials' as const })
}

/** The credentials are good and a right is missing: whoever administers the account can give it. */
export function permissionError(message: string, options?: { cause?: unknown }): ConnectorError {
  return Object.assign(new ConnectorError('auth', message, options), { lack: 'permission' as const })
}

export class RetryableError extends ConnectorError {
  /** Milliseconds to wait at least; null lets the harness back off. */
  readonly retryAfterMs: number | null
  constructor(message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super('retryable', message, options)
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}

/** A piece of data is bad: it goes to the dead letters with its origin and bytes. */
export class PayloadError extends ConnectorError {
  readonly origin: string
  readonly bytes: Buffer | null
  constructor(message: string, options: { origin: string; bytes?: Buffer | null; cause?: unknown }) {
    super('payload', message, options)
    this.origin = options.origin
    this.bytes = options.bytes ?? null
  }
}

export function fatalError(message: string, options?: { cause?: unknown }): ConnectorError {
  return new ConnectorError('fatal', message, options)
}
