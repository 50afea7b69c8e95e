import { join } from 'node:path'
import t from 'tap'
import { send } from '../../../engine/command/send.ts'
import { partitionOf } from '../../../engine/log/partition.ts'
import { Engine } from '../../../engine/runtime/engine.ts'
import { openStores } from '../../../engine/runtime/stores.ts'
import { SigningKey } from '../../../engine/signing.ts'
import { topicName } from '../../../engine/stage/layout.ts'
import { believed, readAnchors } from '../../../pipelines/audit/anchors.ts'
import { AUDIT_TOPIC, auditEntryKind } from '../../../pipelines/audit/kinds.ts'
import { CheckpointSigner } from '../../../pipelines/audit/signer.ts'
import { checkpointsOf } from '../../../pipelines/audit/stored.ts'
import { app } from '../../../stratum.ts'
import { engineOptions, standard } from '../../support/engine.ts'
import { temporaryFolder } from '../../support/folder.ts'

const HOUR_US = 3_600_000_000
const signing = SigningKey.of({ keys: Buffer.alloc(32, 3).toString('base64'), dataDir: null })!

t.test(
  'hourly and every so many entries, from where the last one was; what was changed is not signed',
  async t => {
    t.setTimeout(120_000)
    const clock = { at: Date.parse('2026-01-15T12:00:00Z') * 1000 }
    const folder = temporaryFolder(t)
    const stores = await openStores(
      app({ ...standard, signing }),
      engineOptions(join(folder, 'data'), { clock: () => clock.at }),
    )
    const engine = new Engine(stores)
    await engine.start()
    t.teardown(async () => {
      await engine.stop()
      await stores.close()
    })
    const away = join(folder, 'away')
    const told: string[] = []
    const signer = () =>
      new CheckpointSigner({
        ...{ engine, signing, export: away, everyMinutes: 60, everyEntries: 3 },
        tell: ({ message }) => told.push(message),
      })
    const press = async (tenant: string, command: string) => {
      const asked = { tenant, command, actor: 'anna', role: 'ADMIN', reason: 'r', body: {} }
      await send(stores, asked, AbortSignal.timeout(60_000))
    }
    const signed = async (tenant: string) =>
      ((await checkpointsOf(stores, AbortSignal.timeout(60_000))).get(tenant) ?? []).map(({ seq }) => seq)

    await press('acme', 'killswitch.engage')
    await press('globex', 'killswitch.engage')
    const first = signer()
    await first.pass()
    t.same([await signed('acme'), await signed('globex')], [[0], [0]], 'the first is signed at once')
    await press('acme', 'killswitch.release')
    await first.pass()
    t.same(await signed('acme'), [0], 'neither an hour nor three entries')
    clock.at += HOUR_US
    await first.pass()
    t.same(
      [await signed('acme'), await signed('globex')],
      [[0, 1], [0]],
      'an hour; nothing new is nothing to sign',
    )
    for (const command of ['engage', 'release', 'engage']) await press('acme', `killswitch.${command}`)
    // Another process goes on.
    const second = signer()
    await second.pass()
    t.same(await signed('acme'), [0, 1, 4], 'three entries')
    t.same(told, [])

    const anchors = readAnchors(away)
    t.same(
      anchors.get('acme')!.map(({ seq }) => seq),
      [0, 1, 4],
      'kept elsewhere too',
    )
    t.same(believed(anchors.get('acme')!, null).wrong, [])
    t.same(believed(anchors.get('acme')!, signing).wrong, [])

    // Somebody writes an entry of their own.
    const topic = topicName(AUDIT_TOPIC)
    const partition = await partitionWith(stores, 'acme')
    const writer = await stores.log.writer('forger')
    const base = { tenant_id: 'acme', event_id: 'x', event_time: clock.at, ingest_time: clock.at }
    const forged = {
      v: 1,
      seq: 5,
      at: '2026-01-15T13:00:00.000000Z',
      kind: 'DECISION',
      body: '{}',
      prev: 'p',
      hash: 'h',
      private: null,
    }
    await writer.commit({
      appends: [
        {
          topic,
          partition,
          records: [
            {
              key: Buffer.from('acme'),
              value: stores.codec.encode(auditEntryKind, { ...base, ...forged }),
              time: clock.at,
            },
          ],
        },
      ],
    })
    await writer.close()
    clock.at += HOUR_US
    await second.pass()
    await second.pass()
    t.match(told, [/^The audit log of acme is not what was written, from entry 5 on/])
    t.equal(told.length, 1, 'told once')
    t.same(await signed('acme'), [0, 1, 4], 'and not signed')
  },
)

t.test('without a key: said once, and nothing is signed', async t => {
  const told: string[] = []
  const signer = new CheckpointSigner({
    engine: {} as never,
    ...{ signing: null, everyMinutes: 60, everyEntries: 3, pollMs: 60_000 },
    tell: ({ message }) => told.push(message),
  })
  signer.start()
  await signer.stop()
  t.match(told[0], /The audit log is not signed: there is no key/)
})

/** Where the fold of a tenant writes its audit log: the partition that has entries of it. */
async function partitionWith(
  stores: Awaited<ReturnType<typeof openStores>>,
  tenant: string,
): Promise<number> {
  return partitionOf(tenant, stores.layout.partitions(topicName('facts')))
}
