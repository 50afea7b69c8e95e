import pino from 'pino'
import { messageOf, StratumError } from '../errors.ts'
import { humanLine } from './human.ts'
import { MASK, redactionPaths, redactPersonal, redactText } from './redact.ts'

/**
 * Log levels by consequence: `error` an operator must act; `warn` unexpected, but nothing is lost; `info` a change
 * of state; `debug` for whoever looks for a fault. Log lines go to stderr, never to stdout.
 */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
export type Logger = pino.Logger

export interface LoggingOptions {
  readonly level?: LogLevel
  /** JSON pointers of further fields to mask, `*` for any key (`secretPaths` of engine/config). */
  readonly secretPaths?: readonly string[]
  /** Short lines for a person instead of JSON. Left out: when stderr is a terminal. */
  readonly human?: boolean
  /** Takes one line at a time. Left out: stderr. */
  readonly write?: (line: string) => void
}

export interface Logging {
  /** The logger of one part of the engine; the same one for the same name. */
  logger(name: string): Logger
  setLevel(level: LogLevel): void
}

/** Loggers that share a level and a destination. Fields are masked by name, messages by pattern. */
export function createLogging(options: LoggingOptions = {}): Logging {
  const human = options.human ?? (options.write === undefined && process.stderr.isTTY === true)
  const write = options.write ?? (line => process.stderr.write(line))
  const destination = { write: (line: string) => write(human ? humanLine(line) : line) }
  const root = pino(
    {
      level: options.level ?? 'info',
      base: null,
      serializers: {
        err: value => (value instanceof Error ? describe(value, pino.levels.values.info!) : value),
      },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      redact: { paths: redactionPaths(options.secretPaths), censor: MASK },
      hooks: {
        logMethod(args, method, level) {
          const clean = cleanArguments(args as unknown[], level)
          method.apply(this, clean as Parameters<typeof method>)
        },
      },
    },
    destination,
  )
  const loggers = new Map<string, Logger>()
  return {
    logger(name) {
      let found = loggers.get(name)
      if (!found) {
        found = root.child({ name })
        loggers.set(name, found)
      }
      return found
    },
    setLevel(level) {
      root.level = level
      for (const logger of loggers.values()) logger.level = level
    },
  }
}

const cleanText = (text: string) => redactPersonal(redactText(text))

function cleanArguments(args: readonly unknown[], level: number): unknown[] {
  const [first, ...rest] = args
  const texts = rest.map(cleanArgument)
  if (first instanceof Error) {
    return [{ err: describe(first, level) }, ...(texts.length > 0 ? texts : [cleanText(messageOf(first))])]
  }
  if (typeof first !== 'object' || first === null) return [cleanArgument(first), ...texts]
  const fields = Object.entries(first).map(([key, value]) => [
    key,
    value instanceof Error ? describe(value, level) : cleanArgument(value),
  ])
  return [Object.fromEntries(fields), ...texts]
}

function cleanArgument(value: unknown): unknown {
  if (value instanceof Error) return cleanText(messageOf(value))
  return typeof value === 'string' ? cleanText(value) : value
}

/** An expected error says all in its message; where an unexpected one came from is worth knowing at any level. */
function describe(error: Error, level: number): Record<string, unknown> {
  const expected = error instanceof StratumError
  const below = level < pino.levels.values.info!
  return {
    type: error.name,
    ...(expected ? { code: error.code } : {}),
    message: cleanText(messageOf(error)),
    ...(error.cause === undefined ? {} : { cause: cleanText(messageOf(error.cause)) }),
    ...(!expected || below ? { stack: cleanText(error.stack ?? '') } : {}),
  }
}

/** The process' own loggers: stderr is one a process. */
const own = createLogging()

/** The logger of one part of the engine, on stderr. */
export const logger = (name: string): Logger => own.logger(name)

/** Sets the level of every `logger(…)`, also of those that exist already. */
export const setLogLevel = (level: LogLevel): void => own.setLevel(level)
