import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import ga4 from '../../../connectors/ga4/index.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import type { RejectedRow, SourceBatch } from '../../../engine/source/port.ts'

export const TENANTS = Array.from({ length: 64 }, (_, i) => `tenant-${String(i).padStart(2, '0')}`)

/** A row of a slice as it stands in its file: one a line. */
export type SliceRow =
  | { readonly record: Readonly<Record<string, unknown>> }
  | { readonly rejected: Omit<RejectedRow, 'bytes'> & { readonly base64: string | null } }

/** What was dealt out. */
export interface Dealt {
  readonly rows: number
  readonly rejected: number
}

const file = (folder: string, tenant: string): string => join(folder, `${tenant}.ndjson`)

/** Reads an export once and deals its rows out among the tenants by person, each tenant's in their order. */
export async function deal(path: string, folder: string): Promise<Dealt> {
  mkdirSync(folder, { recursive: true })
  const files = TENANTS.map(tenant => openSync(file(folder, tenant), 'w'))
  const counts = { rows: 0, rejected: 0 }
  const context = { ...sourceContext({ config: { path } }), state: null }
  for await (const { records, rejected = [] } of ga4.read('events', context)) {
    const texts = TENANTS.map(() => '')
    const add = (by: string, row: SliceRow) => {
      texts[crc32(by) % TENANTS.length] += `${JSON.stringify(row)}\n`
    }
    for (const record of records) add(String(record.person_id ?? record.event_key), { record })
    for (const { reason, origin, bytes } of rejected)
      add(origin, { rejected: { reason, origin, base64: bytes?.toString('base64') ?? null } })
    counts.rows += records.length
    counts.rejected += rejected.length
    texts.forEach((text, i) => void writeSync(files[i]!, text))
  }
  files.forEach(closeSync)
  return counts
}

/** Rows of a tenant, in order. */
export function sliceOf(folder: string, tenant: string): SliceRow[] {
  const text = readFileSync(file(folder, tenant), 'utf8')
  return text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as SliceRow)
}

export function batchOf(rows: readonly SliceRow[], state: unknown): SourceBatch {
  const rejected = rows.flatMap(row =>
    'rejected' in row
      ? [
          {
            ...row.rejected,
            bytes: row.rejected.base64 === null ? null : Buffer.from(row.rejected.base64, 'base64'),
          },
        ]
      : [],
  )
  return { records: rows.flatMap(row => ('record' in row ? [row.record] : [])), rejected, state }
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
