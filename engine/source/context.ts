import { type Clock, systemClock } from '../clock/clock.ts'
import { type Limiter, limiterOfProcess } from './limits/limiter.ts'
import type { SourceConfig } from './port.ts'
import { memoryTokens, type TokenStore } from './tokens.ts'

/** What every verb of a source gets: check, discover, read, act. */
export interface SourceContext {
  readonly config: SourceConfig
  readonly signal: AbortSignal
  /** UTC microseconds. */
  now(): number
  /** Calls of all that share a platform's limit pass through it. */
  readonly limiter: Limiter
  /** Tokens that a platform renews; they outlive the run. */
  readonly tokens: TokenStore
  /** Something a person should know that stops nothing (a file left alone, say). One line. */
  notice(message: string): void
  /** Asked before a request goes out, when nothing more is waited for: what it throws stops it, and nothing is sent. */
  readonly beforeSend?: (method: string) => Promise<void>
  /** How long is waited where a test has no time; left out: as long as it takes in life. */
  readonly pace?: Pace
}

/** Waits of a source that speaks to a platform. Milliseconds; what is left out is as the source has it. */
export interface Pace {
  /** The first back-off before something is tried again; it doubles. What a platform asks for is waited in full. */
  readonly backOffMs?: number
  /** Until an answer that does not begin, or does not go on, is given up. */
  readonly silentMs?: number
  /** The longest between two questions whether a report is ready. */
  readonly pollMs?: number
}

export interface ContextOptions extends Partial<Omit<SourceContext, 'now'>> {
  readonly config: SourceConfig
  readonly clock?: Clock
}

/** A context with what is left out as it is in a process of its own: nothing is shared or kept. */
export function sourceContext(options: ContextOptions): SourceContext {
  const {
    config,
    signal = new AbortController().signal,
    clock = systemClock,
    limiter = limiterOfProcess,
    tokens = memoryTokens(),
    notice = () => {},
    pace,
    beforeSend,
  } = options
  return {
    ...{ config, signal, now: clock, limiter, tokens, notice },
    ...(pace === undefined ? {} : { pace }),
    ...(beforeSend === undefined ? {} : { beforeSend }),
  }
}
