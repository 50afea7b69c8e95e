import { Codec } from '../../codec/codec.ts'
import { EmbeddedRegistry } from '../../codec/registry/embedded.ts'
import type { Source, StreamSpec } from '../port.ts'
import { RawEncoder, rawKind } from '../raw.ts'
import type { Row } from './compare.ts'

/** Null: the harness takes the record; else the reason why it becomes a dead letter. */
export type Accepts = (stream: StreamSpec, record: Row) => string | null

/** Records larger than this do not enter the log. */
const MAX_BYTES = 1 << 20

/** What the harness does with records, without storing any. @throws a stream's schema cannot be held by the log */
export async function acceptor(source: Source): Promise<Accepts> {
  const codec = new Codec(EmbeddedRegistry.inMemory())
  const encoders = new Map<string, RawEncoder>()
  for (const stream of source.streams) {
    await codec.register(rawKind(source.id, stream))
    const owner = { tenant: 'conformance', connection: 'conformance' }
    encoders.set(stream.name, new RawEncoder({ codec, source: source.id, stream, ...owner }))
  }
  return (stream, record) => {
    const encoder = encoders.get(stream.name)
    if (!encoder) return `the connector declares no stream ${stream.name}`
    const made = encoder.encode(record, 0)
    if ('refused' in made) return made.refused
    return made.value!.length > MAX_BYTES
      ? `${stream.name}: the record is larger than ${MAX_BYTES} bytes`
      : null
  }
}
