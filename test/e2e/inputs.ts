import { createHash } from 'node:crypto'
import { Int64, Table, Utf8, vectorFromArray } from 'apache-arrow'
import { exportRow, exportRows } from '../connectors/ga4/support.ts'
import { parquetBytes } from '../plugins/files/support.ts'

/** Unix second of the first event of `exportRows`; the others follow a second apart. */
export const FIRST = 1_767_606_000

/** Unix seconds of the first so many events of `exportRows`. */
export const seconds = (count: number): number[] => Array.from({ length: count }, (_, i) => FIRST + i)

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Lines of text or bytes, each with its end of line. */
export const lines = (...all: readonly (string | Buffer | object)[]): Buffer =>
  Buffer.concat(
    all.flatMap(line => {
      const text = typeof line === 'string' || Buffer.isBuffer(line) ? line : JSON.stringify(line)
      return [Buffer.from(text as string), Buffer.from('\n')]
    }),
  )

/** Columns of ad spend that the mapping `generic` reads. */
export const HEADER = 'date,platform,account_id,campaign_id,ad_id,impressions,clicks,spend,currency'

type Cells = Partial<Record<'date' | 'clicks' | 'campaign' | 'currency', string>>

/** A row of one ad under `HEADER`. */
export function ad(id: string, { date, clicks, campaign, currency }: Cells = {}): string {
  const where = [date ?? '2026-01-10', 'meta', 'a1', campaign ?? 'c1', id]
  return [...where, '100', clicks ?? '2', '1.25', currency ?? 'EUR'].join(',')
}

/** An event of an instant (ISO 8601), under the day it lies in. */
export const eventAt = (iso: string): object =>
  exportRow({
    event_timestamp: String(Date.parse(iso) * 1000),
    event_date: iso.slice(0, 10).replaceAll('-', ''),
  })

/** The first so many events of `exportRows`, without their parameters, as a Parquet file. */
export function parquet(count: number): Uint8Array {
  const rows = exportRows(count)
  const text = (name: 'event_date' | 'event_name' | 'user_pseudo_id' | 'stream_id') =>
    vectorFromArray(
      rows.map(row => row[name]),
      new Utf8(),
    )
  const event_timestamp = vectorFromArray(
    rows.map(row => BigInt(row.event_timestamp)),
    new Int64(),
  )
  return parquetBytes(
    new Table({
      event_timestamp,
      event_date: text('event_date'),
      event_name: text('event_name'),
      user_pseudo_id: text('user_pseudo_id'),
      stream_id: text('stream_id'),
    }),
  )
}
