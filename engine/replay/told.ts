import type { Codec } from '../codec/codec.ts'
import { toJson } from '../control/json.ts'
import type { LogRecord, StoredRecord } from '../log/port.ts'
import { shownRecord } from '../ops/shown-record.ts'
import type { Difference } from './compare.ts'

/** A difference with its records decoded, for the summary. */
export interface ToldDifference {
  readonly topic: string
  readonly partition: number
  readonly index: number
  /** Where the log's record lies; null where it has nothing more. */
  readonly offset: number | null
  readonly live: Shown | null
  readonly replayed: Shown | null
}

type Shown = Readonly<Record<string, unknown>>

export async function told(codec: Codec, { live, replayed, ...at }: Difference): Promise<ToldDifference> {
  const reader = codec.reader()
  await reader.ready([live, replayed].filter(r => r !== null))
  const shown = (record: StoredRecord | LogRecord | null) => {
    if (record === null) return null
    const schema = record.value !== null && record.value[0] === 0 ? record.value.readUInt32BE(1) : null
    return { schema, ...shownRecord(record, reader) }
  }
  return { ...at, offset: live?.offset ?? null, live: shown(live), replayed: shown(replayed) }
}

const SHOWN = 4

/** On one line: where it is, and which fields differ. */
export function lineOf({ topic, partition, index, offset, live, replayed }: ToldDifference): string {
  const where = `${topic}/${partition}, record ${index}${offset === null ? '' : ` (offset ${offset})`}`
  if (live === null) return `${where}: the log has nothing more, the replay wrote ${brief(replayed!)}`
  if (replayed === null) return `${where}: the log has ${brief(live)}, the replay wrote nothing more`
  const fields = differing(live, replayed)
  const more = fields.length > SHOWN ? ` and ${fields.length - SHOWN} more` : ''
  const parts = fields.slice(0, SHOWN).map(({ name, a, b }) => `${name} ${short(a)} → ${short(b)}`)
  return `${where}: ${brief(live)} in the log, ${brief(replayed)} from the replay: ${parts.join(', ')}${more}`
}

const brief = ({ kind, key }: Shown) => `${kind ?? 'a tombstone'} of ${String(key).replaceAll('\x1f', ' · ')}`

function differing(live: Shown, replayed: Shown) {
  const of = (shown: Shown): Shown => {
    const { value, ...rest } = shown
    return typeof value === 'object' && value !== null ? { ...rest, ...value } : shown
  }
  const [before, after] = [of(live), of(replayed)]
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map(name => ({ name, a: toJson(before[name] ?? null), b: toJson(after[name] ?? null) }))
    .filter(({ a, b }) => a !== b)
}

const short = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
