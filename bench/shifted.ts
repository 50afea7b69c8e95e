import ga4 from '../connectors/ga4/index.ts'
import type { ReadContext, Source, SourceBatch } from '../engine/source/port.ts'

const WEEK_US = 7 * 86_400_000_000

/** The export several times over, each time a week later, so that it is that many times the events. */
export function shifted(times: number): Source {
  return {
    ...ga4,
    async *read(stream: string, context: ReadContext): AsyncGenerator<SourceBatch> {
      for (let week = 0; week < times; week++)
        for await (const batch of ga4.read(stream, { ...context, state: null }))
          yield { ...batch, state: week, records: batch.records.map(record => later(record, week)) }
    },
  }
}

function later(record: Readonly<Record<string, unknown>>, weeks: number): Record<string, unknown> {
  const date = new Date(Date.parse(`${record.event_date}T00:00:00Z`) + (weeks * WEEK_US) / 1000)
  return {
    ...record,
    event_key: `${record.event_key}/${weeks}`,
    event_time: (record.event_time as number) + weeks * WEEK_US,
    event_date: date.toISOString().slice(0, 10),
    session_id: record.session_id === null ? null : `${record.session_id}/${weeks}`,
  }
}
