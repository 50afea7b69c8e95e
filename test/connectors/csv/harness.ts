import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import csv from '../../../connectors/csv/index.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import type { RejectedRow } from '../../../engine/source/port.ts'
import type { AdReportRecord } from '../../../plugins/records/ad-report.ts'

/** 2026-03-01T00:00:00Z: the time of change of every file a test writes. */
export const MODIFIED = Date.UTC(2026, 2, 1) / 1000

export interface Reading {
  records: AdReportRecord[]
  rejected: RejectedRow[]
  states: unknown[]
  notices: string[]
  batches: { records: AdReportRecord[]; rejected: RejectedRow[] }[]
}

export async function read(config: Record<string, unknown>, state: unknown = null): Promise<Reading> {
  const found: Reading = { records: [], rejected: [], states: [], notices: [], batches: [] }
  const notice = (message: string) => found.notices.push(message)
  for await (const batch of csv.read('ad_reports', { ...sourceContext({ config, notice }), state })) {
    const records = batch.records as unknown as AdReportRecord[]
    const rejected = [...(batch.rejected ?? [])]
    found.batches.push({ records, rejected })
    found.records.push(...records)
    found.rejected.push(...rejected)
    found.states.push(JSON.parse(JSON.stringify(batch.state)))
  }
  return found
}

export const check = (config: Record<string, unknown>) => csv.check(sourceContext({ config }))

/** A folder that is gone after the test. */
export function folder(
  t: { teardown(f: () => void): void },
  files: Record<string, string | Buffer> = {},
): string {
  const path = mkdtempSync(join(tmpdir(), 'csv-'))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) put(join(path, name), content)
  return path
}

export function put(path: string, content: string | Buffer, modified = MODIFIED) {
  writeFileSync(path, content)
  utimesSync(path, modified, modified)
}

/** Folder of real data beside the repository, from dist/test/connectors/csv. */
export const DATA = join(dirname(fileURLToPath(import.meta.url)), '../../../../../shared/data')

export const HEADER =
  'platform,date,account_id,campaign_id,adset_id,ad_id,impressions,clicks,spend,currency,conversions'
export const row = (ad: number, change: Partial<Record<string, string>> = {}) => {
  const values: Record<string, string> = {
    platform: 'meta',
    date: '2026-02-01',
    account_id: 'a',
    campaign_id: 'c',
    adset_id: 's',
    ad_id: String(ad),
    impressions: '100',
    clicks: '2',
    spend: '1.25',
    currency: 'EUR',
    conversions: '0.5',
  }
  return HEADER.split(',')
    .map(name => change[name] ?? values[name])
    .join(',')
}
