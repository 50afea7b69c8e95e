import { hash } from 'node:crypto'
import type { ReadBatch, StreamContext } from '../../../plugins/contract.ts'
import { array, boolean, type FromSchema, nullable, object, string } from '../../../plugins/schema.ts'
import { stringifyExact } from '../messages/exact-json.ts'
import { checkSettings, type Settings } from '../settings.ts'
import { Tap } from '../tap/launch.ts'
import type { CatalogStream } from './discover.ts'
import { catalogFor } from './index.ts'
import { isOwn, isSelected } from './select.ts'

/** A stream that the tap offers. */
export const OfferedStream = object({
  tap_stream_id: string(),
  stream: string({ description: 'As its records name it' }),
  selected: boolean(),
  key_properties: array(string()),
  replication_method: nullable(string()),
  replication_key: nullable(string()),
  schema: nullable(string({ description: 'JSON Schema of its records' })),
})
export type OfferedStream = FromSchema<typeof OfferedStream>

export interface CatalogState {
  /** Of all that the tap offers. */
  readonly digest: string
}

/** What the tap offers, anew when it is another than before. */
export async function* readCatalog({
  config,
  state,
  signal,
  notice,
}: StreamContext<Settings, CatalogState>): AsyncGenerator<ReadBatch<OfferedStream, CatalogState>> {
  checkSettings(config)
  const tap = await Tap.prepare({ config, signal, notice })
  try {
    const catalog = await catalogFor(tap, config, signal)
    const records = (catalog?.streams ?? []).map(offered)
    const digest = hash('sha256', JSON.stringify(records), 'hex').slice(0, 32)
    if (digest !== state?.digest) yield { records, state: { digest } }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await tap.close()
  }
}

function offered(entry: CatalogStream): OfferedStream {
  const own = entry.metadata?.find(isOwn)?.metadata ?? {}
  const keys = entry.key_properties ?? own['table-key-properties'] ?? own['view-key-properties'] ?? []
  const text = (...values: unknown[]) =>
    (values.find(v => typeof v === 'string' && v !== '') ?? null) as string | null
  return {
    tap_stream_id: entry.tap_stream_id,
    stream: entry.stream ?? entry.tap_stream_id,
    selected: isSelected(entry),
    key_properties: (keys as unknown[]).map(String),
    replication_method: text(
      own['replication-method'],
      own['forced-replication-method'],
      entry.replication_method,
    ),
    replication_key: text(own['replication-key'], entry.replication_key),
    schema: entry.schema === undefined ? null : schemaText(entry.schema),
  }
}

/** As the tap gave it: the mark of our selection is not part of it. */
const schemaText = ({ selected: _, ...schema }: NonNullable<CatalogStream['schema']>): string =>
  stringifyExact(schema)
