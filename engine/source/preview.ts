import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso.ts'
import { Codec } from '../codec/codec.ts'
import { EmbeddedRegistry } from '../codec/registry/embedded.ts'
import { messageOf } from '../errors.ts'
import { sourceContext } from './context.ts'
import type { Source, SourceBatch, SourceConfig, StreamSpec } from './port.ts'
import { RawEncoder, rawKind } from './raw.ts'
import { explained, troubleKind } from './trouble.ts'

/** Where a preview stands in one stream. */
export interface StreamPosition {
  /** What the connector's last whole batch carried. */
  readonly cursor: unknown
  /** Rows behind that cursor that have been shown already: a limit fell inside a batch. */
  readonly skip?: number
}

/** By stream. What `read` prints as STATE and takes back. */
export type PreviewState = Readonly<Record<string, StreamPosition>>

export type PreviewMessage =
  | {
      readonly type: 'RECORD'
      readonly stream: string
      readonly record: unknown
      /** When it was read, ISO 8601. */
      readonly time: string
    }
  | { readonly type: 'STATE'; readonly state: PreviewState }

export interface PreviewOptions {
  readonly source: Source
  readonly config: SourceConfig
  readonly streams: readonly StreamSpec[]
  /** Whose pseudonyms stand for people. */
  readonly tenant: string
  readonly from: PreviewState
  /** Records at most, over all streams. */
  readonly limit: number
  readonly clock: Clock
  readonly signal: AbortSignal
  notice(message: string): void
  /** A row that would be a dead letter. */
  rejected(row: { readonly reason: string; readonly origin: string }): void
}

/**
 * What a connector reads, as it would be stored: checked against its schema, identifiers of people replaced by
 * their pseudonyms. Nothing is stored. A STATE follows the records it covers.
 * @throws the connector's error in one line; the signal's reason when it aborts
 */
export async function* preview(options: PreviewOptions): AsyncGenerator<PreviewMessage> {
  const { source, streams, signal } = options
  let state = options.from
  let left = options.limit
  for (const stream of streams) {
    if (left === 0) return
    try {
      for await (const message of ofStream(options, stream, state[stream.name], left)) {
        if (message.type === 'RECORD') {
          left--
          yield message
        } else {
          state = { ...state, [stream.name]: message.at }
          yield { type: 'STATE', state }
        }
      }
    } catch (error) {
      signal.throwIfAborted()
      if (troubleKind(error) !== 'payload') throw explained(source.id, error)
      const { origin = stream.name } = error as { origin?: string }
      options.rejected({ reason: messageOf(error), origin })
    }
    signal.throwIfAborted()
  }
}

type StreamMessage =
  | Extract<PreviewMessage, { type: 'RECORD' }>
  | { readonly type: 'STATE'; readonly at: StreamPosition }

async function* ofStream(
  options: PreviewOptions,
  stream: StreamSpec,
  from: StreamPosition | undefined,
  limit: number,
): AsyncGenerator<StreamMessage> {
  const { source } = options
  const show = await shower(options, stream)
  let { cursor = null, skip = 0 } = from ?? {}
  let left = limit
  const context = { ...sourceContext(options), state: cursor }
  for await (const batch of source.read(stream.name, context)) {
    let at = Math.min(skip, batch.records.length)
    // With rows that were shown before, what was rejected beside them was told then.
    if (at === 0) for (const row of batch.rejected ?? []) options.rejected(row)
    for (; at < batch.records.length && left > 0; at++) {
      const record = show(batch.records[at]!)
      if (record === null) continue
      left--
      yield { type: 'RECORD', stream: stream.name, record, time: isoTime(options.clock()) }
    }
    const whole = at === batch.records.length
    skip = whole ? Math.max(0, skip - at) : at
    if (whole) cursor = batch.state
    yield { type: 'STATE', at: skip === 0 ? { cursor } : { cursor, skip } }
    if (left === 0) return
  }
}

/** A row as it would come out of the log again, or null when it would not get in. */
async function shower({ source, tenant, clock, rejected }: PreviewOptions, stream: StreamSpec) {
  const codec = new Codec(EmbeddedRegistry.inMemory())
  await codec.register(rawKind(source.id, stream))
  const reader = codec.reader()
  const encoder = new RawEncoder({ codec, source: source.id, stream, tenant, connection: 'preview' })
  return (row: SourceBatch['records'][number]): unknown => {
    const made = encoder.encode(row, clock())
    if ('refused' in made) {
      rejected({ reason: made.refused, origin: `${stream.name} record` })
      return null
    }
    return reader.decode(made.value!).value.data
  }
}
