import ga4 from '../../../connectors/ga4/index.ts'
import type { Ga4State } from '../../../connectors/ga4/state.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import type { RejectedRow, SourceBatch } from '../../../engine/source/port.ts'
import type { EventRecord } from '../../../plugins/records/event.ts'

type Cell = string | number | boolean | null
export type Params = Readonly<Record<string, Cell>>

/** A row of the export as BigQuery writes it; whole numbers go to the integer slot. */
export function exportRow(over: Readonly<Record<string, unknown>> = {}, params: Params = {}) {
  return {
    event_date: '20260105',
    event_timestamp: '1767606000000000',
    event_name: 'page_view',
    event_params: Object.entries({ ga_session_id: 42, ga_session_number: 2, ...params }).map(
      ([key, cell]) => ({
        key,
        value: slots(cell),
      }),
    ),
    user_pseudo_id: '111.222',
    user_id: null,
    privacy_info: { analytics_storage: 'Yes', ads_storage: 'No', uses_transient_token: 'No' },
    device: { category: 'mobile' },
    geo: { country: 'Germany' },
    traffic_source: { name: '(organic)', medium: 'organic', source: 'google' },
    stream_id: '2100450278',
    ...over,
  }
}

function slots(cell: Cell) {
  const empty = { string_value: null, int_value: null, float_value: null, double_value: null }
  if (typeof cell === 'string') return { ...empty, string_value: cell }
  if (typeof cell === 'number')
    return Number.isInteger(cell) ? { ...empty, int_value: String(cell) } : { ...empty, double_value: cell }
  return empty
}

/** A number of different events, a second apart. */
export const exportRows = (count: number, over: Readonly<Record<string, unknown>> = {}) =>
  Array.from({ length: count }, (_, i) =>
    exportRow(
      { event_timestamp: String(1767606000000000 + i * 1_000_000), ...over },
      { page_title: `Page ${i}` },
    ),
  )

export const ndjson = (rows: readonly unknown[]): string =>
  rows.map(row => `${JSON.stringify(row)}\n`).join('')

export interface Run {
  readonly events: readonly EventRecord[]
  readonly rejected: readonly RejectedRow[]
  readonly batches: readonly SourceBatch[]
  readonly notices: readonly string[]
  readonly state: Ga4State | null
}

export async function run(path: string, state: unknown = null): Promise<Run> {
  const notices: string[] = []
  const batches: SourceBatch[] = []
  const notice = (line: string) => notices.push(line)
  for await (const batch of ga4.read('events', { ...sourceContext({ config: { path }, notice }), state }))
    batches.push(batch)
  return {
    events: batches.flatMap(batch => batch.records as unknown as EventRecord[]),
    rejected: batches.flatMap(batch => batch.rejected ?? []),
    batches,
    notices,
    state: (batches.at(-1)?.state ?? state) as Ga4State | null,
  }
}

export const check = (path: string): Promise<void> => ga4.check(sourceContext({ config: { path } }))
