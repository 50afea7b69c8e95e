import type { Clock } from '../clock/clock.ts'
import type { Codec } from '../codec/codec.ts'
import { type EncodedBatch, encodedBatches } from './encode.ts'
import type { Source, SourceConfig, StreamSpec } from './port.ts'
import { RawEncoder } from './raw.ts'

/** Reads the streams of one connection, wherever that runs. */
export interface Reading {
  /** Batches from a state on. Fails with the connector's error; ends quietly when the signal aborts. */
  stream(stream: StreamSpec, state: unknown, signal: AbortSignal): AsyncIterable<EncodedBatch>
  close(): Promise<void>
}

export interface ReadingOptions {
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
  const { source, config, tenant, connection, codec, clock, notice } = options
  return {
    stream(stream, state, signal) {
      const encoder = new RawEncoder({ codec, source: source.id, stream, tenant, connection })
      return encodedBatches(source, stream, encoder, { config, state, signal, notice }, clock)
    },
    async close() {},
  }
}
