import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { send } from '../../engine/command/send.ts'
import { partitionOf } from '../../engine/log/partition.ts'
import { Engine } from '../../engine/runtime/engine.ts'
import { openStores } from '../../engine/runtime/stores.ts'
import { topicName } from '../../engine/stage/layout.ts'
import { actionKind } from '../../pipelines/autopilot/kinds.ts'
import { app } from '../../stratum.ts'
import { engineOptions, standard } from '../../test/support/engine.ts'
import { Load, RULE, type Seen, summary, TENANTS } from './load.ts'

/**
 * From an event on the facts to the action it leads to, committed on its topic, through the whole embedded engine: RATE
 * events of shops a second (default 5,000) of 20 tenants, and among them REPORTS a second (20) of campaigns that a rule
 * of the tenant matches, for SECONDS (20). Usage: latency.js [RATE] [REPORTS] [SECONDS]. Prints JSON: milliseconds.
 */
const [rate, reports, seconds] = [5_000, 20, 20].map((standard, i) =>
  Number(process.argv[2 + i] ?? standard),
) as [number, number, number]
const BEAT_MS = 10

const dataDir = mkdtempSync(join(tmpdir(), 'stratum-latency-'))
const clock = () => Date.now() * 1000
const stores = await openStores(app(standard), engineOptions(dataDir, { clock }))
const engine = new Engine(stores)
await engine.start()
const { log, codec, layout } = stores
const load = await Load.make({ codec, clock, rate, reports })
const facts = topicName('facts')
for (const tenant of TENANTS)
  await send(
    stores,
    { tenant, command: 'rule.set', actor: 'bench', role: 'ADMIN', reason: null, body: { rule: RULE } },
    AbortSignal.timeout(60_000),
  )

const seen: Seen[] = []
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
      if (record?.kind === actionKind.name)
        seen.push({ campaign: (record.value as { campaign_id: string }).campaign_id, at: now })
    }
    at = batch.next
  }
}
const watching = Array.from({ length: layout.partitions(actions) }, (_, p) => watch(p))

const writer = await log.writer('bench')
const started = performance.now()
while (performance.now() - started < seconds * 1000) {
  const now = clock()
  const byPartition = new Map<number, { key: Buffer; value: Buffer; time: number }[]>()
  for (const { tenant, value } of load.due(performance.now() - started)) {
    const partition = partitionOf(tenant, layout.partitions(facts))
    const own = byPartition.get(partition) ?? []
    own.push({ key: Buffer.from(tenant), value, time: now })
    byPartition.set(partition, own)
  }
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
const { took, missing } = load.took(seen)
console.log(
  JSON.stringify({
    events_a_second: Math.round(load.sent / measured),
    ...{ actions: took.length, missing },
    ...summary(took),
  }),
)
