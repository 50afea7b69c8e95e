import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { send } from '../../engine/command/send.ts'
import { partitionOf } from '../../engine/log/partition.ts'
import { Engine } from '../../engine/runtime/engine.ts'
import { openStores } from '../../engine/runtime/stores.ts'
import { topicName } from '../../engine/stage/layout.ts'
import { adEntityKind } from '../../pipelines/ad-entities/said.ts'
import { actionKind } from '../../pipelines/autopilot/kinds.ts'
import { adReportKind, eventKind } from '../../pipelines/ingest/facts.ts'
import { app } from '../../stratum.ts'
import { did, stands } from '../../test/pipelines/autopilot/account.ts'
import { event } from '../../test/pipelines/facts.ts'
import { engineOptions, standard } from '../../test/support/engine.ts'

/**
 * From an event on the facts to the action it leads to, committed on its topic, through the whole embedded engine: RATE
 * events of shops a second (default 5,000) of 20 tenants, and among them REPORTS a second (20) of campaigns that a rule
 * of the tenant matches, for SECONDS (20). Usage: latency.js [RATE] [REPORTS] [SECONDS]. Prints JSON: milliseconds.
 */
const [rate, reports, seconds] = [5_000, 20, 20].map((standard, i) =>
  Number(process.argv[2 + i] ?? standard),
) as [number, number, number]
const BEAT_MS = 10
const TENANTS = Array.from({ length: 20 }, (_, i) => `tenant-${i}`)
const RULE = {
  ...{ rule: 'spends', version: 1, mode: 'suggest', subject: 'campaign' },
  reads: { spend: { metric: 'spend', over: 'today' } },
  when: 'spend > 50',
  // biome-ignore lint/suspicious/noThenProperty: a rule has one
  then: { action: 'CAMPAIGN_PAUSE' },
}

const dataDir = mkdtempSync(join(tmpdir(), 'stratum-latency-'))
const clock = () => Date.now() * 1000
const stores = await openStores(app(standard), engineOptions(dataDir, { clock }))
const engine = new Engine(stores)
await engine.start()
const { log, codec, layout } = stores
for (const kind of [eventKind, adReportKind, adEntityKind]) await codec.register(kind)
const facts = topicName('facts')
for (const tenant of TENANTS)
  await send(
    stores,
    { tenant, command: 'rule.set', actor: 'bench', role: 'ADMIN', reason: null, body: { rule: RULE } },
    AbortSignal.timeout(60_000),
  )

const begun = new Map<string, number>()
const took: number[] = []
const stop = new AbortController()
const actions = topicName('actions')
const watch = async (partition: number) => {
  const reader = codec.reader()
  let at = (await log.bounds(actions, partition)).end
  while (!stop.signal.aborted) {
    const batch = await log.read(actions, partition, at)
    if (!batch) {
      await log.wait(actions, partition, at, stop.signal).catch(() => {})
      continue
    }
    const now = performance.now()
    await reader.ready(batch.records)
    for (const { value } of batch.records) {
      const record = value === null ? null : reader.decode(value)
      if (record?.kind !== actionKind.name) continue
      const { campaign_id } = record.value as { campaign_id: string }
      const from = begun.get(campaign_id)
      if (from !== undefined) took.push(now - from)
      begun.delete(campaign_id)
    }
    at = batch.next
  }
}
const watching = Array.from({ length: layout.partitions(actions) }, (_, p) => watch(p))

const today = new Date().toISOString().slice(0, 10)
const writer = await log.writer('bench')
let [sent, campaigns] = [0, 0]
const started = performance.now()
for (let _beat = 0; performance.now() - started < seconds * 1000; _beat++) {
  const due = Math.floor(((performance.now() - started) / 1000) * rate)
  const dueReports = Math.floor(((performance.now() - started) / 1000) * reports)
  const now = clock()
  const byPartition = new Map<number, { key: Buffer; value: Buffer; time: number }[]>()
  const put = (tenant: string, value: Buffer) => {
    const partition = partitionOf(tenant, layout.partitions(facts))
    const own = byPartition.get(partition) ?? []
    own.push({ key: Buffer.from(tenant), value, time: now })
    byPartition.set(partition, own)
  }
  for (; sent < due; sent++) {
    const tenant_id = TENANTS[sent % TENANTS.length]!
    const fields = { tenant_id, event_id: `e${sent}`, event_time: now, ingest_time: now, event_date: today }
    put(tenant_id, codec.encode(eventKind, event({ ...fields, person_key: `p${sent % 5_000}` })))
  }
  const fresh: string[] = []
  for (; campaigns < dueReports; campaigns++) {
    const tenant_id = TENANTS[campaigns % TENANTS.length]!
    const campaign = { id: `c${campaigns}` }
    for (const [kind, told] of [
      [adEntityKind, stands(campaign, now)],
      [adReportKind, did(campaign, today, now)],
    ] as const)
      put(tenant_id, codec.encode(kind as never, { ...told.value, tenant_id } as never))
    fresh.push(campaign.id)
  }
  for (const id of fresh) begun.set(id, performance.now())
  const appends = [...byPartition].map(([partition, records]) => ({ topic: facts, partition, records }))
  if (appends.length > 0) await writer.commit({ appends })
  await sleep(BEAT_MS)
}
const measured = (performance.now() - started) / 1000
await sleep(3_000)
stop.abort()
await Promise.all(watching)
await writer.close()
await engine.stop()
await stores.close()
rmSync(dataDir, { recursive: true })
took.sort((a, b) => a - b)
const at = (p: number) =>
  Math.round((took[Math.min(took.length - 1, Math.floor(took.length * p))] ?? Number.NaN) * 10) / 10
console.log(
  JSON.stringify({
    events_a_second: Math.round(sent / measured),
    actions: took.length,
    missing: begun.size,
    p50_ms: at(0.5),
    p95_ms: at(0.95),
    p99_ms: at(0.99),
    max_ms: at(1),
  }),
)
