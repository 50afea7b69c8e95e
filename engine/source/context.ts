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
  } = options
  return { config, signal, now: clock, limiter, tokens, notice }
}
