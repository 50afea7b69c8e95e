import { fatalError } from '../../../plugins/errors.ts'
import { parseExact } from '../messages/exact-json.ts'
import { troubleOf } from '../tap/ending.ts'
import type { Tap } from '../tap/launch.ts'

/** A stream as a tap's catalog describes it; what else is in it is the tap's. */
export interface CatalogStream {
  readonly tap_stream_id: string
  readonly stream?: string
  readonly schema?: Readonly<Record<string, unknown>>
  readonly metadata?: readonly Metadata[]
  readonly [name: string]: unknown
}

export interface Metadata {
  readonly breadcrumb: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>>
}

export interface Catalog {
  readonly streams: readonly CatalogStream[]
}

/** A tap that discovers without end must not fill the memory. Bytes. */
const CATALOG_MAX = 256 << 20

/** What the tap offers. @throws config, fatal, retryable: as the tap has ended; the signal's reason when it aborts */
export async function discover(tap: Tap, signal: AbortSignal): Promise<Catalog> {
  const { child, stderr } = tap.discover()
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > CATALOG_MAX) throw fatalError(`${tap.name} --discover gives more than ${CATALOG_MAX} bytes`)
      chunks.push(chunk)
    }
    const trouble = troubleOf(`${tap.name} --discover`, await child.ended, stderr.last)
    signal.throwIfAborted()
    if (trouble !== null) throw trouble
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    await child.stop()
  }
  return catalogOf(Buffer.concat(chunks).toString('utf8'), `${tap.name} --discover`)
}

/** @throws fatal when it is no catalog. Numbers stay as they are written: see `parseExact` */
export function catalogOf(text: string, what: string): Catalog {
  let value: unknown
  try {
    JSON.parse(text)
    value = parseExact(text)
  } catch {
    throw fatalError(`${what} gives no catalog: it is not valid JSON`)
  }
  const { streams } = (value ?? {}) as { streams?: unknown }
  if (!Array.isArray(streams) || !streams.every(isStream))
    throw fatalError(`${what} gives no catalog: it wants {"streams": [{"tap_stream_id": …}]}`)
  return value as Catalog
}

const isStream = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { tap_stream_id?: unknown }).tap_stream_id === 'string'
