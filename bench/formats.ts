import { rmSync, writeFileSync } from 'node:fs'
import { createClient } from '@clickhouse/client'
import { createChdbConnection } from 'chdb/connection'
import { NativeBlock } from '../engine/sink/native.ts'

/**
 * Rows a second into bare chDB by format: the same rows as JSON in the statement, as a TSV file, and as a Native file
 * (the product's). Making the bytes counts too. Usage: formats.js DIR. Prints {"json", "tsv", "native"}.
 */
const [dir] = process.argv.slice(2) as [string]
const ROWS = 50_000
const ROUNDS = 3
const COLUMNS = [
  { name: 'tenant_id', type: 'String' },
  { name: 'event_id', type: 'String' },
  { name: 'event_name', type: 'String' },
  { name: 'person_key', type: 'Nullable(String)' },
  { name: 'page', type: 'Nullable(String)' },
  { name: 'value_micros', type: 'Nullable(Int64)' },
  { name: 'at', type: "DateTime64(6, 'UTC')" },
  { name: 'params', type: 'Map(LowCardinality(String), String)' },
] as const

rmSync(dir, { recursive: true, force: true })
const client = createClient({ connection: createChdbConnection({ path: dir }) } as never)
const structure = COLUMNS.map(c => `${c.name} ${c.type}`).join(', ')
await client.command({ query: `CREATE TABLE t (${structure}) ENGINE = MergeTree ORDER BY tenant_id` })

const rows = Array.from({ length: ROWS }, (_, i) => ({
  tenant_id: 'demo',
  event_id: `${i}-6f1e4b2c9d8a7e6f5a4b3c2d1e0f`,
  event_name: 'page_view',
  person_key: i % 9 ? `p${i % 999}` : null,
  page: `https://shop.example/product/${i % 300}?ref=${i}`,
  value_micros: i % 20 ? null : i * 1000,
  at: 1_700_000_000_000_000 + i,
  params: { engagement_time_msec: String(i), page_title: 'Product', n: '1' },
}))

const ways = {
  json: () => client.insert({ table: 't', values: rows, format: 'JSONEachRow' }),
  async tsv() {
    const map = (m: Record<string, string>) =>
      `{${Object.entries(m)
        .map(([k, v]) => `'${k}':'${v}'`)
        .join(',')}}`
    const text = rows.map(r =>
      [
        r.tenant_id,
        r.event_id,
        r.event_name,
        r.person_key ?? '\\N',
        r.page,
        r.value_micros ?? '\\N',
        (r.at / 1e6).toFixed(6),
        map(r.params),
      ].join('\t'),
    )
    await fromFile(Buffer.from(`${text.join('\n')}\n`), 'TSV')
  },
  async native() {
    const block = new NativeBlock(COLUMNS)
    for (const row of rows) block.append(row)
    await fromFile(block.finish(), 'Native')
  },
}

async function fromFile(bytes: Buffer, format: string): Promise<void> {
  const path = `${dir}/bench.${format}`
  writeFileSync(path, bytes)
  await client.command({
    query: `INSERT INTO t SELECT * FROM file({path:String}, '${format}', {structure:String})`,
    query_params: { path, structure },
  })
  rmSync(path)
}

const best: Record<string, number> = {}
for (let round = 0; round < ROUNDS; round++)
  for (const [name, insert] of Object.entries(ways)) {
    const begun = performance.now()
    await insert()
    best[name] = Math.max(best[name] ?? 0, Math.round(ROWS / ((performance.now() - begun) / 1000)))
  }
await client.close()
process.stdout.write(`${JSON.stringify(best)}\n`)
