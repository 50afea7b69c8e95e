import fc from 'fast-check'
import t from 'tap'
import { decodeRecords } from '../../../../../engine/log/kafka/records/batches.ts'
import type { AbortedTransaction } from '../../../../../engine/log/kafka/records/fetch-response.ts'
import { batch, marker, type Written } from './encode.ts'
import { PACKS } from './pack.ts'

const where = { topic: 'events', partition: 0 }

/** What a producer does next. `packed` counts into PACKS, −1 is not. `keep`: which records compaction left. */
type Step =
  | { does: 'write'; producer: number; keep: readonly boolean[]; packed: number }
  | { does: 'end'; producer: number; how: 'abort' | 'commit' }

interface Entry {
  readonly bytes: Buffer
  readonly base: number
  readonly last: number
  readonly records: readonly Written[]
  /** Of which transaction; undefined outside of one. */
  readonly transaction?: {
    readonly producer: number
    readonly first: number
    end?: number
    aborted?: boolean
  }
}

/** The log a broker would have after these steps. Producer 0 writes outside of transactions. */
function logOf(steps: readonly Step[]): Entry[] {
  const log: Entry[] = []
  const open = new Map<number, NonNullable<Entry['transaction']>>()
  let end = 100
  for (const step of steps) {
    const base = end
    const { producer } = step
    if (step.does === 'end') {
      const transaction = open.get(producer)
      if (transaction === undefined) continue
      open.delete(producer)
      transaction.end = end++
      transaction.aborted = step.how === 'abort'
      log.push({ bytes: marker(base, producer, step.how), base, last: base, records: [] })
      continue
    }
    end += step.keep.length
    let transaction = open.get(producer)
    if (producer > 0 && transaction === undefined) {
      transaction = { producer, first: base }
      open.set(producer, transaction)
    }
    const records = step.keep.flatMap((kept, i): Written[] =>
      // kafkajs took the first of these keys for a marker.
      kept
        ? [{ offset: base + i, key: Buffer.alloc(4, i % 2), value: Buffer.from(`${producer}@${base + i}`) }]
        : [],
    )
    const [codec, , pack] = PACKS[step.packed] ?? [0]
    const bytes = batch({
      base,
      records,
      last: end - 1,
      codec,
      ...(pack && { pack }),
      ...(producer > 0 && { producer, transactional: true }),
    })
    log.push({ bytes, base, last: end - 1, records, ...(transaction && { transaction }) })
  }
  // A broker answers up to where every transaction is decided.
  const stable = Math.min(end, ...[...open.values()].map(transaction => transaction.first))
  return log.filter(entry => entry.last < stable)
}

/** What a broker answers: from the batch with `from` on, cut after so many bytes, the first batch always whole. */
function fetch(log: readonly Entry[], from: number, size: number) {
  const first = log.findIndex(entry => entry.last >= from)
  const entries = log.slice(first)
  const bytes = Buffer.concat(entries.map(entry => entry.bytes))
  const records = bytes.subarray(0, Math.max(entries[0]!.bytes.length, size))
  const aborted = new Map<number, AbortedTransaction>()
  for (const { transaction } of log)
    if (transaction?.aborted && transaction.end! >= from)
      aborted.set(transaction.first, { producerId: transaction.producer, firstOffset: transaction.first })
  return { records, aborted: [...aborted.values()] }
}

const producer = fc.integer({ min: 0, max: 4 })
const keep = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 12 }).map(n => new Array<boolean>(n).fill(true)) },
  { weight: 1, arbitrary: fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }) },
)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    does: fc.constant('write' as const),
    producer,
    keep,
    packed: fc.integer({ min: -PACKS.length, max: PACKS.length - 1 }),
  }),
  fc.record({
    does: fc.constant('end' as const),
    producer,
    how: fc.constantFrom('abort' as const, 'commit' as const),
  }),
)

const committed = (log: readonly Entry[], from: number) =>
  log.flatMap(entry =>
    entry.transaction?.aborted ? [] : entry.records.filter(record => record.offset >= from),
  )

t.test(
  'transactions of several producers: read in any cuts, what was committed and nothing else',
  async () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 60 }),
        fc.array(fc.nat(1_500), { minLength: 1, maxLength: 10 }),
        fc.nat(),
        fc.boolean(),
        (steps, sizes, start, reversed) => {
          const log = logOf(steps)
          if (log.length === 0) return
          const end = log.at(-1)!.last + 1
          const from = 100 + (start % (end - 100))
          const read: string[] = []
          for (let next = from, i = 0; next < end; i++) {
            const { records, aborted } = fetch(log, next, sizes[i % sizes.length]!)
            if (reversed) aborted.reverse()
            const decoded = decodeRecords(records, aborted, next, where)
            if (decoded.next <= next) throw new Error(`no progress at ${next}`)
            next = decoded.next
            for (const { offset, value } of decoded.records) read.push(`${offset} ${value}`)
          }
          const expected = committed(log, from).map(({ offset, value }) => `${offset} ${value}`)
          if (read.join() !== expected.join()) throw new Error(`read ${read}, committed ${expected}`)
        },
      ),
      { numRuns: 1_000 },
    )
  },
)

t.test('a producer that aborts, commits and aborts again loses just what it aborted', async t => {
  const write = (base: number, producer: number) =>
    batch({
      base,
      records: [{ offset: base, key: null, value: Buffer.from(`${producer}`) }],
      producer,
      transactional: true,
    })
  const bytes = Buffer.concat([
    write(0, 1),
    write(1, 2),
    marker(2, 1, 'abort'),
    write(3, 1),
    write(4, 2),
    marker(5, 1, 'commit'),
    marker(6, 2, 'abort'),
    write(7, 1),
    write(8, 2),
    marker(9, 2, 'commit'),
    marker(10, 1, 'abort'),
  ])
  const aborted = [
    { producerId: 1, firstOffset: 7 },
    { producerId: 1, firstOffset: 0 },
    { producerId: 2, firstOffset: 1 },
  ]
  const { records, next } = decodeRecords(bytes, aborted, 0, where)
  t.strictSame([records.map(record => record.offset), next], [[3, 8], 11])
})
