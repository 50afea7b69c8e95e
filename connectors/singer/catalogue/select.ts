import { configError } from '../../../plugins/errors.ts'
import type { Settings } from '../settings.ts'
import type { Catalog, CatalogStream, Metadata } from './discover.ts'

type Selection = Pick<Settings, 'streams' | 'replication'>
type Replication = NonNullable<Settings['replication']>[string]

/**
 * The catalog with the streams selected that are wanted, and all of their fields that can be; in the way of today
 * (metadata) and in that of older taps (`selected`, `replication_method` beside the schema).
 * @throws config: a stream that the tap does not offer
 */
export function selected(catalog: Catalog, { streams, replication = {} }: Selection): Catalog {
  checkNames(catalog, streams ?? [], '/streams')
  checkNames(
    catalog,
    Object.keys(replication).filter(name => name !== '*'),
    '/replication',
  )
  const ruleOf = (stream: CatalogStream) =>
    namesOf(stream)
      .map(name => replication[name])
      .find(rule => rule !== undefined) ?? replication['*']
  return {
    ...catalog,
    streams: catalog.streams.map(stream => {
      const wanted = streams === undefined || namesOf(stream).some(name => streams.includes(name))
      return mark(stream, wanted, ruleOf(stream))
    }),
  }
}

export const isSelected = ({ metadata = [], selected: flag }: CatalogStream): boolean => {
  const own = metadata.find(isOwn)?.metadata ?? {}
  return (own.selected ?? flag ?? own['selected-by-default']) === true
}

/** Of the stream itself and not of a field. */
export const isOwn = ({ breadcrumb }: Metadata): boolean => breadcrumb.length === 0

const namesOf = ({ tap_stream_id, stream }: CatalogStream): string[] =>
  stream === undefined ? [tap_stream_id] : [tap_stream_id, stream]

function checkNames(catalog: Catalog, names: readonly string[], path: string): void {
  const offered = new Set(catalog.streams.flatMap(namesOf))
  const unknown = names.filter(name => !offered.has(name))
  if (unknown.length === 0) return
  const there = catalog.streams.map(s => s.tap_stream_id)
  const shown = there.length > 20 ? [...there.slice(0, 20), `… ${there.length - 20} more`] : there
  throw configError(
    `the tap offers no stream ${unknown.join(', ')}; there ${there.length === 0 ? 'is none at all' : `are: ${shown.join(', ')}`}`,
    path,
  )
}

function mark(stream: CatalogStream, wanted: boolean, rule: Replication | undefined): CatalogStream {
  const { metadata = [], schema } = stream
  const own = {
    ...metadata.find(isOwn)?.metadata,
    selected: wanted,
    ...(rule && { 'replication-method': rule.method, ...(rule.key && { 'replication-key': rule.key }) }),
  }
  const fields = metadata
    .filter(entry => !isOwn(entry))
    .map(entry =>
      wanted && entry.metadata.inclusion !== 'unsupported'
        ? { ...entry, metadata: { ...entry.metadata, selected: true } }
        : entry,
    )
  return {
    ...stream,
    selected: wanted,
    ...(schema && { schema: { ...schema, selected: wanted } }),
    ...(rule && { replication_method: rule.method, ...(rule.key && { replication_key: rule.key }) }),
    metadata: [{ breadcrumb: [], metadata: own }, ...fields],
  }
}
