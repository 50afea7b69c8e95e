import { Codec } from '../../../engine/codec/codec.ts'
import type { BaseRecord, Kind } from '../../../engine/codec/kind.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import { type Command, commandKind, commandResultKind } from '../../../engine/command/command.ts'
import { KafkaLog } from '../../../engine/log/kafka/log.ts'
import { partitionOf } from '../../../engine/log/partition.ts'
import { actionKind } from '../../../pipelines/autopilot/kinds.ts'
import { type KillSwitch, killSwitchKind } from '../../../pipelines/kill-switch/kinds.ts'
import { ScriptedFold } from '../../engine/execute/fold.ts'
import { signing } from '../../engine/execute/house.ts'
import { temporaryFolder } from '../../support/folder.ts'

const ACTIONS = 'stratum.actions'
const FACTS = 'stratum.facts'
const RESULTS = 'stratum.command-results'
const SWITCHES = 'stratum.killswitch'
/** More than one, so that a command in the wrong partition is found. */
export const PARTITIONS = 3

/** A command as it was found on facts. */
export interface Heard {
  readonly partition: number
  readonly key: string
  readonly command: Command
}

/** A scripted fold on a real Kafka: its actions and answers are written as the engine writes them. */
export async function foldOn(t: { teardown(work: () => unknown): void }, bootstrap: string) {
  const log = await KafkaLog.open({
    kafka: { brokers: [bootstrap] },
    dir: temporaryFolder(t),
    namespace: 'stratum.',
    topics: { replication: 1, minInsync: 1, tombstonesMs: 86_400_000 },
    changelogOf: () => ({ topic: 'stratum.state', partition: 0 }),
    load: [{ topic: 'stratum.state', partition: 0 }],
    consumerGroup: group => group,
    commitMs: 5,
  })
  const stop = new AbortController()
  const codec = new Codec(await EmbeddedRegistry.open(log))
  for (const name of [ACTIONS, FACTS, RESULTS])
    await log.ensureTopic({ name, partitions: PARTITIONS, cleanup: 'delete' })
  await log.ensureTopic({ name: SWITCHES, partitions: PARTITIONS, cleanup: 'compact' })
  for (const kind of [actionKind, commandKind, commandResultKind, killSwitchKind])
    await codec.register(kind as Kind)
  const writer = await log.writer('fold')
  const write = async <T extends BaseRecord>(topic: string, kind: Kind<T>, record: T, id: string) => {
    const key = Buffer.from(`${record.tenant_id}\0${id}`)
    const records = [{ key, value: codec.encode(kind, record), time: Date.now() * 1000 }]
    await writer.commit({
      appends: [{ topic, partition: partitionOf(record.tenant_id, PARTITIONS), records }],
    })
  }
  const fold = new ScriptedFold({
    signing,
    now: () => Date.now() * 1000,
    write: record => write(ACTIONS, actionKind, record, record.action_id),
  })
  /** A record of a kill switch: of the fold, or with revision 0 of whoever engaged it directly. */
  const switched = (said: Pick<KillSwitch, 'tenant_id' | 'engaged' | 'revision' | 'commands'>) => {
    const now = Date.now() * 1000
    const base = { event_id: 'k', event_time: now, ingest_time: now, reason: null, actor: 'anna', since: now }
    const key = said.revision === 0 ? 'sent' : ''
    return write(SWITCHES, killSwitchKind, { ...base, ...said }, key)
  }
  const heard: Heard[] = []

  const answer = async (command: Command) => {
    const { tenant_id: tenant, event_id: id, body, ...said } = command
    const result = await fold.command({ ...said, tenant, id, body: JSON.parse(body) }, stop.signal)
    await write(RESULTS, commandResultKind, result, id)
  }
  const listen = async (partition: number) => {
    const reader = codec.reader()
    for (let at = 0; !stop.signal.aborted; ) {
      const batch = await log.read(FACTS, partition, at)
      if (!batch) {
        await log.wait(FACTS, partition, at, stop.signal)
        continue
      }
      await reader.ready(batch.records)
      for (const { key, value } of batch.records) {
        const command = reader.decode(value!).value as unknown as Command
        heard.push({ partition, key: String(key), command })
        await answer(command)
      }
      at = batch.next
    }
  }
  /** What kept the fold from going on; null: nothing. */
  let trouble: unknown = null
  const listening = Promise.all(
    Array.from({ length: PARTITIONS }, (_, partition) =>
      listen(partition).catch(error => {
        if (!stop.signal.aborted) trouble = error
      }),
    ),
  )
  t.teardown(async () => {
    stop.abort()
    await listening
    await log.close()
  })
  return { fold, switched, heard, trouble: () => trouble }
}
