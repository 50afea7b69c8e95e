import { hash } from 'node:crypto'
import type { Ga4Row } from './row.ts'

/** Between fields, so that no two rows run together to the same text. */
const SEP = '\u001f'

/**
 * What makes an event itself: stream, person, name, instant, its place in the batch, and all its parameters in the
 * order of their names (`ga_session_id` is one of them). The same for every form of the export: a value counts as
 * text, whatever slot or type it came in. SHA-256, the first 128 bits in hex.
 *
 * Known deduplication key of the export: Velir/dbt-ga4, macros/base_select.sql.
 */
export function eventKey(row: Ga4Row, eventTime: number): string {
  let text =
    (row.stream_id ?? '') + SEP + (row.user_pseudo_id ?? '') + SEP + String(row.event_name) + SEP + eventTime
  if (row.batch_page_id !== null) text += `${SEP}page ${row.batch_page_id}`
  if (row.batch_ordering_id !== null) text += `${SEP}order ${row.batch_ordering_id}`
  if (row.batch_event_index !== null) text += `${SEP}index ${row.batch_event_index}`
  const order = sorted(row)
  for (let k = 0; k < row.count; k++) {
    const i = order[k]!
    text += `${SEP + row.names[i]}=${row.texts[i]}`
  }
  return hash('sha256', text, 'hex').slice(0, 32)
}

const order: number[] = []

/** Positions of the parameters by name, then value. Insertion sort: a dozen entries, no allocation. */
function sorted(row: Ga4Row): readonly number[] {
  const { names, texts, count } = row
  for (let n = 0; n < count; n++) {
    const name = names[n]!
    let k = n
    for (; k > 0; k--) {
      const before = order[k - 1]!
      const other = names[before]!
      if (other < name || (other === name && texts[before]! <= texts[n]!)) break
      order[k] = before
    }
    order[k] = n
  }
  return order
}
