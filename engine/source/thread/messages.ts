import type { MessagePort } from 'node:worker_threads'
import type { Entry } from '../../codec/registry/port.ts'
import { messageOf, StratumError } from '../../errors.ts'
import type { LogRecord } from '../../log/port.ts'
import type { EncodedBatch } from '../encode.ts'
import type { SourceConfig, StreamSpec } from '../port.ts'

/** What the thread of a connection is started with. */
export interface ThreadData {
  /** URL of the module that exports `sources`; of a connector that did not come with the program: its own. */
  readonly module: string
  readonly isOwn: boolean
  readonly source: string
  readonly config: SourceConfig
  readonly tenant: string
  readonly connection: string
  /** Registered schemas of the source's kinds, so that the thread writes their ids. */
  readonly schemas: readonly Entry[]
  /** Where the clock stands, when it stands still. UTC microseconds. */
  readonly fixed: number | null
}

/** Opens a stream; its batches come through the port. */
export interface Open {
  readonly stream: StreamSpec
  readonly state: unknown
  readonly port: MessagePort
}

/** To the thread: one more batch may come, or none is wanted any more. */
export type Wish = 'more' | 'stop'

/** From the thread. */
export type Answer =
  | { readonly type: 'batch'; readonly batch: PackedBatch }
  | { readonly type: 'notice'; readonly message: string }
  | { readonly type: 'end' }
  | { readonly type: 'failed'; readonly error: PackedError }

/** A batch whose values lie in one piece of memory, which changes hands without a copy. */
export interface PackedBatch extends Omit<EncodedBatch, 'records'> {
  readonly values: Uint8Array<ArrayBuffer>
  /** Where each value ends. */
  readonly ends: Uint32Array<ArrayBuffer>
}

export function pack({ records, ...rest }: EncodedBatch): PackedBatch {
  const ends = new Uint32Array(records.length)
  let size = 0
  for (let i = 0; i < records.length; i++) {
    size += records[i]!.value!.length
    ends[i] = size
  }
  const values = new Uint8Array(size)
  for (let i = 0; i < records.length; i++) values.set(records[i]!.value!, i === 0 ? 0 : ends[i - 1]!)
  return { ...rest, values, ends }
}

/** Every record of a connection has the same key. */
export function unpack(packed: PackedBatch, key: Buffer): EncodedBatch {
  const { values, ends, ...rest } = packed
  const all = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  const records = Array.from(ends, (end, i): LogRecord => {
    return { key, value: all.subarray(i === 0 ? 0 : ends[i - 1]!, end), time: rest.time }
  })
  const rejected = rest.rejected.map(r => ({ ...r, bytes: r.bytes && Buffer.from(r.bytes) }))
  return { ...rest, rejected, records }
}

/** What of an error decides what follows from it. */
export interface PackedError {
  readonly message: string
  readonly code: string | null
  readonly kind: string | null
  readonly retryAfterMs: number | null
  readonly lack: string | null
  readonly origin: string | null
  readonly bytes: Uint8Array | null
}

export function packError(error: unknown): PackedError {
  const { kind, retryAfterMs, lack, origin, bytes } = error as Partial<Record<keyof PackedError, unknown>>
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  return {
    message: messageOf(error),
    code: error instanceof StratumError ? error.code : null,
    kind: text(kind),
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : null,
    lack: text(lack),
    origin: text(origin),
    bytes: bytes instanceof Uint8Array ? bytes : null,
  }
}

export function unpackError({ message, code, ...rest }: PackedError): Error {
  if (code !== null) return new StratumError(code as StratumError['code'], message)
  if (rest.kind === null) return new Error(message)
  const { kind, retryAfterMs, lack, origin, bytes } = rest
  return Object.assign(new Error(message), {
    kind,
    retryAfterMs,
    ...(lack === null ? {} : { lack }),
    ...(origin === null ? {} : { origin }),
    bytes: bytes && Buffer.from(bytes),
  })
}
