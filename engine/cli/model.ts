import type { Row } from './kit/index.ts'

/** What a model works on: its arguments, its options, and what comes in on stdin. */
export interface ModelInput {
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
  /** Lines of stdin. */
  lines(): AsyncIterable<string>
  readonly signal: AbortSignal
}

/** Rows as they come, or the one document there is. @throws USAGE, RECORD_INVALID: says file and line */
export type Model = (input: ModelInput) => AsyncIterable<Row> | Promise<Row>

/** A model that the command line offers on a file or stdin, without a server or a data directory. */
export interface ModelSpec {
  /** `anomaly <file>`. */
  readonly usage: string
  readonly summary: string
  readonly examples: readonly [string, ...string[]]
  readonly options?: readonly ModelOption[]
  /** Lines in, lines out: it answers each line with one, whatever is asked for (`--json` too). */
  readonly isLineByLine?: boolean
  /** Loaded when it is asked for: other commands answer sooner without it. */
  readonly load: () => Promise<{ readonly run: Model }>
}

export interface ModelOption {
  readonly flags: string
  readonly description: string
  readonly choices?: readonly string[]
  readonly default?: string
  /** `integer(1)`, `decimal(0, 1)` of kit/options.ts. */
  readonly parse?: (text: string) => unknown
  readonly isRequired?: boolean
  /** It may be given several times, and is a list. */
  readonly isList?: boolean
}
