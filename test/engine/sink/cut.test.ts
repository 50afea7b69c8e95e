import fc from 'fast-check'
import t from 'tap'
import { Codec } from '../../../engine/codec/codec.ts'
import { defineKind } from '../../../engine/codec/kind.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import type { LogRecord } from '../../../engine/log/port.ts'
import { type Cut, type CutOrder, type Cutting, cutHere } from '../../../engine/sink/cut.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { tables, thingKind } from './thread-tables.ts'

const other = defineKind('other_thing', [])

/** What a record is to the table `things`. */
type Sort = 'row' | 'long row' | 'refused' | 'unreadable' | 'other kind' | 'other table' | 'tombstone'
const sorts = fc.array(
  fc.constantFrom<Sort>(
    'row',
    'row',
    'long row',
    'refused',
    'unreadable',
    'other kind',
    'other table',
    'tombstone',
  ),
  { minLength: 1, maxLength: 40 },
)
const limitsOf = fc.record({
  rows: fc.integer({ min: 1, max: 12 }),
  bytes: fc.constantFrom(1, 20_000, 1 << 20),
})

const log = new LmdbLog(temporaryFolder(t))
let codec: Codec
let cutting: Cutting
let topics = 0

t.before(async () => {
  codec = new Codec(await EmbeddedRegistry.open(log))
  await codec.register(thingKind)
  await codec.register(other)
  cutting = cutHere(log, codec.reader(), tables)
})
t.teardown(() => log.close())

function recordOf(sort: Sort, n: number): LogRecord {
  const base = { tenant_id: 'acme', event_id: `e${n}`, event_time: 1, ingest_time: 2 }
  const thing = {
    ...base,
    text: sort === 'long row' ? 'x'.repeat(20_000) : null,
    day: sort === 'refused' ? '1815-06-18' : '2026-01-01',
  }
  const values = {
    unreadable: Buffer.from('not Avro'),
    'other kind': codec.encode(other, base),
    tombstone: null,
  } as Partial<Record<Sort, Buffer | null>>
  return {
    key: Buffer.from('acme'),
    value: sort in values ? values[sort]! : codec.encode(thingKind, thing),
    time: 2,
    ...(sort === 'other table' ? { headers: { only: 'elsewhere' } } : {}),
  }
}

/** A topic of its own that holds such records, committed so many at a time. */
async function topicOf(all: readonly Sort[], perCommit: number): Promise<string> {
  const topic = `stratum.things-${String(++topics).padStart(4, '0')}`
  await log.ensureTopic({ name: topic, partitions: 1, cleanup: 'delete' })
  const writer = await log.writer(topic)
  for (let at = 0; at < all.length; at += perCommit) {
    const records = all.slice(at, at + perCommit).map((sort, i) => recordOf(sort, at + i))
    await writer.commit({ appends: [{ topic, partition: 0, records }] })
  }
  return topic
}

const cut = (topic: string, order: Partial<CutOrder>): Promise<Cut> =>
  cutting.cut({ table: 'things', topic, partition: 0, from: 0, end: 0, replaced: new Set(), ...order })

/** The cuts of a topic up to an end, each beginning where the last one ended. */
async function cutsOf(topic: string, end: number, more: Partial<CutOrder>): Promise<Cut[]> {
  const cuts: Cut[] = []
  for (let from = 0; from < end; from = cuts.at(-1)!.to + 1)
    cuts.push(await cut(topic, { from, end, ...more }))
  return cuts
}

const offsetsOf = (all: readonly Sort[], ...wanted: Sort[]) =>
  all.flatMap((sort, offset) => (wanted.includes(sort) ? [offset] : []))
const ROW = ['row', 'long row'] as const
/** A cut without the name of its topic, by which each of its rows differs from one of another topic. */
const nameless = ({ native, ...rest }: Cut) => ({
  ...rest,
  native: native.toString('latin1').replaceAll(/stratum\.things-\d{4}/g, ''),
})

t.test('every record of a range is in one cut, as a row, as refused, or as none of its business', async t => {
  await fc.assert(
    fc.asyncProperty(sorts, limitsOf, async (all, limits) => {
      const topic = await topicOf(all, 7)
      const cuts = await cutsOf(topic, all.length, { limits })
      let next = 0
      for (const { from, to, rows, refused } of cuts) {
        t.equal(from, next)
        next = to + 1
        const inside = all.slice(from, next)
        t.equal(rows, offsetsOf(inside, ...ROW).length)
        t.ok(rows <= limits.rows)
        t.same(
          refused.map(r => r.offset - from),
          // What cannot be read at all may have been a row.
          offsetsOf(inside, 'refused', 'unreadable'),
        )
      }
      t.equal(next, all.length)
      return t.passing()
    }),
    { numRuns: 60 },
  )
})

t.test(
  'the same records give the same cuts: whenever they are asked for, however they were committed',
  async t => {
    await fc.assert(
      fc.asyncProperty(sorts, limitsOf, fc.integer({ min: 1, max: 9 }), async (all, limits, perCommit) => {
        const topic = await topicOf(all, 40)
        const cuts = await cutsOf(topic, all.length, { limits })
        t.strictSame(await cutsOf(topic, all.length, { limits }), cuts)
        for (const { from, to, ...rest } of cuts)
          t.strictSame(await cut(topic, { from, end: to + 1 }), { from, to, ...rest }, 'as after a crash')
        const elsewhere = await cutsOf(await topicOf(all, perCommit), all.length, { limits })
        t.strictSame(elsewhere.map(nameless), cuts.map(nameless))
        return t.passing()
      }),
      { numRuns: 40 },
    )
  },
)

t.test('a cut that reached its limit does not depend on what comes after it', async t => {
  await fc.assert(
    fc.asyncProperty(sorts, sorts, limitsOf, async (all, later, limits) => {
      const topic = await topicOf([...all, ...later], 40)
      const full = (cuts: readonly Cut[]) => cuts.slice(0, -1)
      const before = full(await cutsOf(topic, all.length, { limits }))
      const after = await cutsOf(topic, all.length + later.length, { limits })
      t.strictSame(after.slice(0, before.length), before)
      return t.passing()
    }),
    { numRuns: 40 },
  )
})

t.test('only some offsets, and not those that a replay has replaced', async t => {
  const topic = await topicOf(['row', 'refused', 'row', 'tombstone', 'row', 'unreadable', 'row'], 3)
  const some = await cut(topic, { end: 7, only: new Set([0, 1, 3, 4]) })
  t.match(some, { from: 0, to: 6, rows: 2, refused: [{ offset: 1 }] })
  t.equal(some.refused.length, 1)
  t.match(await cut(topic, { end: 7, replaced: new Set([0, 1, 5]) }), { rows: 3, refused: [] })
  t.match(await cut(topic, { end: 1 }), { from: 0, to: 0, rows: 1 })
})

t.test('a few large rows made a cut of any size: bytes were looked at every 512 rows', async t => {
  const topic = await topicOf(Array<Sort>(40).fill('long row'), 40)
  const cuts = await cutsOf(topic, 40, { limits: { rows: 50_000, bytes: 100_000 } })
  t.equal(cuts.length, 5)
  // Looked at every 64 kB: so much more there may be, and one row.
  for (const { native } of cuts) t.ok(native.length < 100_000 + 64 * 1024 + 20_100)
})

t.test('what cannot be read says so with its offset', async t => {
  const topic = await topicOf(['row', 'unreadable', 'refused'], 3)
  t.match((await cut(topic, { end: 3 })).refused, [
    { offset: 1, reason: /not in the Confluent wire format/ },
    { offset: 2, reason: /^day: 1815-06-18 is not a day a column can hold$/ },
  ])
})
