import type { Stores } from '../../../engine/runtime/stores.ts'

/** A record as far as two runs must agree. */
export interface Seen {
  readonly kind: string
  readonly key: string
  /** Base64; null for a tombstone. */
  readonly value: string | null
}

/** Records by `topic/partition`, in their order; of a compacted topic what is left of each key, in the order of keys. */
export type Topics = Readonly<Record<string, readonly Seen[]>>

/** Several folds write into one partition, or read such a one: the order is fixed within each way, not between them. */
const JOINED = ['touches', 'journeys', 'credits', 'attribution', 'experiment-parts', 'experiments'].map(
  name => `stratum.${name}`,
)
/** Fits before the last saw what had come by then. */
const NOT_FIXED = ['attribution_fitted', 'attribution_model']

/** All that lies in the topics of a log. */
export async function topicsOf({ log, codec }: Stores): Promise<Topics> {
  const reader = codec.reader()
  const topics: Record<string, readonly Seen[]> = {}
  for (const { name, partitions, cleanup } of await log.topics())
    for (let partition = 0; partition < partitions; partition++) {
      const seen: Seen[] = []
      const compacted = cleanup === 'compact'
      for (let at = (await log.bounds(name, partition)).start; ; ) {
        const batch = await log.read(name, partition, at)
        if (!batch) break
        for (const { key, value } of batch.records)
          seen.push({
            // Compacted topics of the engine's own hold JSON.
            kind: value === null || compacted ? '' : reader.kindOf(value),
            key: key.toString(),
            value: value?.toString('base64') ?? null,
          })
        at = batch.next
      }
      const last = new Map(seen.map(record => [record.key, record]))
      topics[`${name}/${partition}`] = compacted
        ? [...last.values()].filter(record => record.value !== null).sort((a, b) => (a.key < b.key ? -1 : 1))
        : JOINED.includes(name)
          ? seen.filter(record => !NOT_FIXED.includes(record.kind)).sort(byText)
          : seen
    }
  return topics
}

function byText(a: Seen, b: Seen): number {
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)]
  return one < other ? -1 : one > other ? 1 : 0
}

/** Topics of some names, without some kinds of records. */
export function only(topics: Topics, names: readonly string[], without: readonly string[] = []): Topics {
  const kept = Object.entries(topics).filter(([name]) => names.some(n => name.startsWith(`stratum.${n}/`)))
  return Object.fromEntries(
    kept.map(([name, seen]) => [name, seen.filter(record => !without.includes(record.kind))]),
  )
}

/** The first thing two runs disagree in, or null: a difference of thousands of records helps nobody. */
export function difference(a: Topics, b: Topics): unknown {
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [one = [], other = []] = [a[name], b[name]]
    for (let i = 0; i < Math.max(one.length, other.length); i++)
      if (JSON.stringify(one[i]) !== JSON.stringify(other[i]))
        return { topic: name, at: i, of: [one.length, other.length], one: one[i], other: other[i] }
  }
  return null
}
