import type { Clock } from '../clock/clock.ts'
import type { Codec } from '../codec/codec.ts'
import { type SourceContext, sourceContext } from './context.ts'
import { type EncodedBatch, encodedBatches } from './encode.ts'
import type { Source, SourceConfig, StreamSpec } from './port.ts'
import { RawEncoder } from './raw.ts'

/** Reads the streams of one connection, wherever that runs. */
export interface Reading {
  /** Batches from a state on. Fails with the connector's error; ends quietly when the signal aborts. */
  stream(stream: StreamSpec, state: unknown, signal: AbortSignal): AsyncIterable<EncodedBatch>
  close(): Promise<void>
}

export interface ReadingOptions extends Partial<Pick<SourceContext, 'limiter' | 'tokens'>> {
  readonly source: Source
  readonly config: SourceConfig
  readonly tenant: string
  readonly connection: string
  readonly codec: Codec
  readonly clock: Clock
  notice(message: string): void
}

/** Reads in the thread it is called in. */
export function readHere(options: ReadingOptions): Reading {
  const { source, tenant, connection, codec, clock } = options
  return {
    stream(stream, state, signal) {
      const encoder = new RawEncoder({ codec, source: source.id, stream, tenant, connection })
      const context = { ...sourceContext({ ...options, signal }), state }
      return encodedBatches(source, stream, encoder, context, clock)
    },
    async close() {},
  }
}
