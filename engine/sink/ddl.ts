import { crc32 } from 'node:zlib'
import { ORIGIN_COLUMNS, type TableSpec, type ViewSpec } from './table.ts'

export interface TableOptions {
  readonly database: string
  /** Rows whose time is older are dropped by the warehouse. */
  readonly retentionYears: number
}

export const createDatabase = (database: string): string => `CREATE DATABASE IF NOT EXISTS ${database}`

/** Both families of deduplication windows: plain MergeTree reads one, Replicated and Shared the other. */
const WINDOW = 10_000
export const WINDOWS = `non_replicated_deduplication_window = ${WINDOW}, replicated_deduplication_window = ${WINDOW}`

export function createTable(table: TableSpec, { database, retentionYears }: TableOptions): string {
  const columns = [...table.columns, ...ORIGIN_COLUMNS].map(
    c => `  ${c.name} ${c.type}${c.comment ? ` COMMENT ${quote(c.comment)}` : ''}`,
  )
  return [
    `CREATE TABLE IF NOT EXISTS ${database}.${table.name} (`,
    [...columns, '  INDEX log_position (_partition, _offset) TYPE minmax GRANULARITY 1'].join(',\n'),
    ') ENGINE = MergeTree',
    `PARTITION BY ${partitionKey(table)}`,
    `ORDER BY (${table.orderBy.join(', ')})`,
    `TTL ${timeToLive(table, retentionYears)}`,
    `SETTINGS ${WINDOWS}`,
    `COMMENT ${quote(table.comment)}`,
  ].join('\n')
}

/** As the server writes it. By days: instants would overflow in 2106, and what overflows is dropped at once. */
export const timeToLive = (table: TableSpec, years: number): string =>
  `toDate(${table.time}) + toIntervalYear(${years})`

export const partitionKey = (table: TableSpec): string => `toYYYYMM(${table.time})`

export const createView = (view: ViewSpec, database: string): string =>
  `CREATE OR REPLACE VIEW ${database}.${view.name} AS ${view.select(database)} COMMENT ${quote(`${view.comment} (${viewMark(view, database)})`)}`

/** The server rewrites the text of a view; by this mark in its comment a view is known again. */
export const viewMark = (view: ViewSpec, database: string): string =>
  `text ${(crc32(view.select(database)) >>> 0).toString(16)}`

export const quote = (text: string): string => `'${text.replace(/[\\']/g, c => `\\${c}`)}'`
