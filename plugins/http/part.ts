import type { SourceContext } from '../../engine/source/context.ts'
import type { ConnectorError } from '../errors.ts'
import type { Answer, Ask, Draft } from './message.ts'

/** What a client and its parts work with. */
export type HttpContext = Pick<
  SourceContext,
  'signal' | 'now' | 'limiter' | 'tokens' | 'notice' | 'pace' | 'beforeSend'
>

/**
 * One concern of speaking to a platform: its credentials, its limits, its errors. A client is made of parts; each
 * has the steps it needs.
 */
export interface Part {
  /** Adds to a request, each time it is sent: credentials, a version. */
  prepare?(draft: Draft, context: HttpContext): void | Promise<void>
  /** Resolves when a limit lets the request through; the answer (null: there was none) ends its place. */
  admit?(ask: Ask, context: HttpContext): Promise<(answer: Answer | null) => void>
  /** What an answer means: `ok`, an error, or nothing this part knows of. The first part that knows it decides. */
  judge?(answer: Answer): Verdict
  /** A request's credentials were refused. True when newer ones are at hand, so that it may be sent once more. */
  renew?(refused: Draft, context: HttpContext): Promise<boolean>
  /** What may not be seen in any message. */
  secrets?(): readonly string[]
}

export type Verdict = 'ok' | ConnectorError | undefined
