import t from 'tap'
import { Changelogs } from '../../../../../engine/log/kafka/state/changelogs.ts'
import { stateEntryKey, storePrefix } from '../../../../../engine/log/kafka/state/entry.ts'
import type { StoredRecord } from '../../../../../engine/log/port.ts'
import { temporaryFolder } from '../../../../support/folder.ts'

const CELLS = { topic: 'cells', partition: 0 }
const CURSOR = Buffer.from('cursor')

t.test('a connection read on from an old cursor while many opened at once', async t => {
  const records: StoredRecord[] = []
  const write = (value: string) =>
    records.push({
      offset: records.length,
      key: stateEntryKey(storePrefix('connect/a'), CURSOR),
      value: Buffer.from(value),
      time: 0,
    })
  /** Readings that wait before they give what they have read. */
  const waiting: (() => void)[] = []
  const changelogs = new Changelogs(
    {
      bounds: async () => ({ start: 0, end: records.length }),
      read: async (topic, partition, from) => {
        const found = records.slice(from)
        await new Promise<void>(go => waiting.push(go))
        return found.length === 0 ? null : { topic, partition, records: found, next: from + found.length }
      },
    },
    {
      dir: temporaryFolder(t),
      cluster: () => 'c',
      tombstonesMs: 86_400_000,
      of: () => CELLS,
      now: Date.now,
    },
  )
  t.teardown(() => changelogs.close())
  const turns = async (n = 20) => {
    for (let i = 0; i < n; i++) await new Promise(setImmediate)
  }
  const cursor = () => changelogs.reader('connect/a').get(CURSOR)?.toString()

  write('1')
  const one = changelogs.restore(CELLS)
  await turns()
  write('2')
  const two = changelogs.restore(CELLS)
  await turns()
  t.equal(waiting.length, 1, 'one reads after the other')
  waiting.shift()!()
  await one
  await turns()
  waiting.shift()!()
  await two
  t.equal(cursor(), '2')

  // A commit of its own, while another is reading.
  const slow = changelogs.restore(CELLS)
  write('3')
  const own = changelogs.follow(CELLS)
  t.equal(changelogs.follow(CELLS), own, 'who asks before it begins shares the reading')
  for (let over = false; !over; ) {
    await turns()
    waiting.shift()?.()
    void Promise.all([slow, own]).then(() => {
      over = true
    })
    await turns()
  }
  t.equal(cursor(), '3')
})
