import { join } from 'node:path'
import t from 'tap'
import { Codec } from '../../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import { copyOf } from '../../../engine/replay/again.ts'
import { compareLast } from '../../../engine/replay/compare-last.ts'
import { temporaryFolder } from '../../support/folder.ts'

const folder = temporaryFolder(t)
const topic = 'stratum.settings'
const input = { topic: 'stratum.facts', partition: 0, start: 0, end: 9, position: 9 }
let logs = 0

type Said = readonly [key: string, value: string | null]

async function logOf(name: string, said: readonly Said[], cleanup: 'compact' | 'delete') {
  const log = new LmdbLog(join(folder, String(logs++)))
  await log.ensureTopic({ name, partitions: 1, cleanup })
  const writer = await log.writer('test')
  for (const [key, value] of said) {
    const record = { key: Buffer.from(key), value: value === null ? null : Buffer.from(value), time: 1_000 }
    await writer.commit({ appends: [{ topic: name, partition: 0, records: [record] }] })
  }
  return log
}

/** A log that has been compacted, and what a replay wrote. */
async function compared(live: readonly Said[], replayed: readonly Said[], tenant?: string) {
  const log = await logOf(topic, live, 'compact')
  const dropped = await log.clean(9e15)
  const scratch = await logOf(copyOf(input, topic), replayed, 'delete')
  const output = { topic, partition: 0, ...(await log.bounds(topic, 0)) }
  const codec = new Codec(EmbeddedRegistry.inMemory())
  const how = { log, codec, scratch, tenant, open: false, signal: new AbortController().signal }
  const { same, difference } = await compareLast(how, [input], output)
  await log.close()
  await scratch.close()
  const text = (of: { value: Buffer | null } | null | undefined) => of?.value?.toString() ?? null
  return {
    compacted: dropped.compactedRecords,
    same,
    parted: difference && [text(difference.live), text(difference.replayed)],
  }
}

t.test('a compacted topic keeps the last of each key, and that is compared', async t => {
  const said: Said[] = [
    ['acme', 'a1'],
    ['demo', 'd1'],
    ['acme', 'a2'],
    ['gone', 'g1'],
    ['gone', null],
  ]
  t.same(await compared(said, said), { compacted: 3, same: 2, parted: null })
  t.match(await compared(said, [...said, ['demo', 'd2']]), { parted: ['d1', 'd2'] })
  t.match(await compared([...said, ['new', 'n1']], said), { same: 2, parted: ['n1', null] })
  t.match(await compared(said, [...said, ['gone', 'g2']]), { parted: [null, 'g2'] })
  t.match(await compared(said, [...said, ['demo', 'd2']], 'acme'), { same: 1, parted: null })
})
