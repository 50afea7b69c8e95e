import { StringDecoder } from 'node:string_decoder'
import type { Redact } from './secrets.ts'

/** Kept of one line. Characters. */
const LINE_MAX = 300
/** Handed on of one run; the rest is counted. */
const NOTICES_MAX = 20
/** A line without an end must not fill the memory. Characters. */
const OPEN_MAX = 64 * 1024

/** What logs say of a tap that does well, a thousand times over. */
const QUIET = /\b(?:INFO|DEBUG|TRACE|METRIC)\b/
/** Of a stack trace only its last line, which is not indented, is for a person. */
const TRACE = /^(?:\s|Traceback \(|During handling |The above exception |\.\.\. |\[Previous line )/

/** Names what went wrong, among lines around it. */
const FAULT = /\b(?:CRITICAL|FATAL|ERROR)\b|(?:Error|Exception)\b/
/** Singer's own exceptions say what happened on the line after: `singer.exceptions.SingerSyncError: SingerSyncError`. */
const SAYS_ITS_NAME = /\b(\w+): \1$/
const LOUD_MAX = 8

/** What a tap said before it ended. */
export interface LastWords {
  /** The line for a person; null: it has said nothing. */
  readonly shown: string | null
  /** Some lines, for the cause that is in one of them. */
  readonly all: string
}

export interface StderrOptions {
  readonly tap: string
  readonly redact: Redact
  notice(message: string): void
}

/** What a tap says on standard error: warnings become notices, the last line explains a bad end. */
export class StandardError {
  readonly #o: StderrOptions
  readonly #decoder = new StringDecoder('utf8')
  #open = ''
  #quiet: string | null = null
  /** The last few lines that are no mere information. */
  readonly #loud: string[] = []
  #notices = 0

  constructor(options: StderrOptions) {
    this.#o = options
  }

  /** Redacted and cut. */
  get last(): LastWords {
    const at = this.#loud.findLastIndex(line => FAULT.test(line))
    const [named, next] = at < 0 ? [] : this.#loud.slice(at)
    const shown = next !== undefined && SAYS_ITS_NAME.test(named!) ? next : named
    return { shown: shown ?? this.#loud.at(-1) ?? this.#quiet, all: this.#loud.join('\n') }
  }

  push(chunk: Buffer): void {
    const lines = (this.#open + this.#decoder.write(chunk)).split('\n')
    this.#open = lines.pop()!.slice(0, OPEN_MAX)
    for (const line of lines) this.#line(line)
  }

  end(): void {
    this.#line(this.#open + this.#decoder.end())
    this.#open = ''
    const more = this.#notices - NOTICES_MAX
    if (more > 0) this.#o.notice(`${this.#o.tap} said ${more} lines more`)
  }

  #line(line: string): void {
    if (line.trim() === '' || TRACE.test(line)) return
    // Redacted before it is cut: half a secret would not be known.
    const text = this.#o.redact(line.slice(0, OPEN_MAX).trim())
    const shown = text.length > LINE_MAX ? `${text.slice(0, LINE_MAX)}…` : text
    if (QUIET.test(line)) {
      this.#quiet = shown
      return
    }
    this.#loud.push(shown)
    if (this.#loud.length > LOUD_MAX) this.#loud.shift()
    if (++this.#notices <= NOTICES_MAX) this.#o.notice(`${this.#o.tap}: ${shown}`)
  }
}
