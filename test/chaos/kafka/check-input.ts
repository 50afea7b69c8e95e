import type { Avro } from './avro.ts'
import { type Ask, lettersOf } from './check-offsets.ts'
import type { Records } from './reader.ts'
import { sliceOf, TENANTS } from './slices.ts'

interface Raw {
  readonly tenant_id: string
  readonly data: { readonly event_key: string }
}

const RAW = 'stratum.raw.ga4/'

/**
 * From the slices to the raw topics and to the events: the rows of every tenant lie in its raw partition once each
 * and in their order, and each of its events is one row of the table or was refused. What is wrong, a line each.
 */
export async function checkInput(
  folder: string,
  records: Records,
  avro: Avro,
  ask: Ask,
): Promise<{ readonly wrong: string[]; readonly events: number }> {
  const wrong: string[] = []
  const written = new Map<string, string[]>(TENANTS.map(tenant => [tenant, []]))
  const keyAt = new Map<string, string>()
  for (const [place, seen] of records)
    if (place.startsWith(RAW))
      for (const { offset, value } of seen) {
        if (avro.kind(value!) !== 'raw_ga4_events') continue
        const { tenant_id, data } = avro.decode<Raw>(value!)
        written.get(tenant_id)!.push(data.event_key)
        keyAt.set(`${place}@${offset}`, `${tenant_id} ${data.event_key}`)
      }
  const wanted = new Set<string>()
  for (const tenant of TENANTS) {
    const rows = sliceOf(folder, tenant).flatMap(row =>
      'record' in row ? [String(row.record.event_key)] : [],
    )
    for (const key of rows) wanted.add(`${tenant} ${key}`)
    const there = written.get(tenant)!
    const at = rows.findIndex((key, i) => there[i] !== key)
    if (rows.length !== there.length || at >= 0)
      wrong.push(
        `raw records of ${tenant}: ${there.length} for ${rows.length} rows, other ones from ${at < 0 ? rows.length : at} on`,
      )
  }
  for (const { stage, origin_topic, origin_partition, origin_offset } of lettersOf(records, avro))
    if (stage === 'normalise')
      wanted.delete(keyAt.get(`${origin_topic}/${origin_partition}@${origin_offset}`)!)
  const found = new Map<string, number>()
  for (const [tenant, rows, ids] of await ask(
    'SELECT tenant_id, count(), uniqExact(event_id) FROM stratum.events GROUP BY tenant_id',
  )) {
    found.set(tenant!, Number(rows))
    if (rows !== ids) wrong.push(`events of ${tenant}: ${rows} rows of ${ids} events`)
  }
  for (const tenant of TENANTS) {
    const expected = [...wanted].filter(name => name.startsWith(`${tenant} `)).length
    if ((found.get(tenant) ?? 0) !== expected)
      wrong.push(`events of ${tenant}: ${found.get(tenant) ?? 0} rows, expected ${expected}`)
  }
  return { wrong, events: wanted.size }
}
