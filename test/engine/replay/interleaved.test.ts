import { deepStrictEqual, equal } from 'node:assert/strict'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import type { StoredRecord } from '../../../engine/log/port.ts'
import { Interleaved, Queue } from '../../../engine/replay/interleaved.ts'
import { temporaryFolder } from '../../support/folder.ts'

const folder = temporaryFolder(t)
let logs = 0

const record = (text: string, offset = 0): StoredRecord => ({
  offset,
  key: Buffer.from('acme'),
  value: Buffer.from(text),
  time: 1_000_000,
})

/** What so many folds wrote, as it lies in a scratch log. */
async function written(...folds: readonly (readonly (string | StoredRecord)[])[]) {
  const log = new LmdbLog(join(folder, String(logs++)))
  const writer = await log.writer('test')
  const queues: Queue[] = []
  for (const [i, own] of folds.entries()) {
    const records = own.map(r => (typeof r === 'string' ? record(r) : r))
    await log.ensureTopic({ name: `t${i}`, partitions: 1, cleanup: 'delete' })
    await writer.commit({ appends: [{ topic: `t${i}`, partition: 0, records }] })
    queues.push(new Queue(log, `t${i}`, 0))
  }
  return { log, interleaved: new Interleaved(queues) }
}

/** How many of these it takes, and what it still waits for then. */
async function fed(folds: readonly (readonly string[])[], texts: readonly string[]) {
  const { log, interleaved } = await written(...folds)
  let taken = 0
  for (const [offset, text] of texts.entries()) {
    if (!(await interleaved.take(record(text, offset)))) break
    taken++
  }
  const expected = await interleaved.expected(null)
  await log.close()
  return { taken, expected: expected?.value?.toString() ?? null }
}

t.test('any order in which folds may have written is taken, also where they write the same', async t => {
  // Few letters: many ways to divide them.
  const folds = fc.array(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 7 }), {
    minLength: 1,
    maxLength: 4,
  })
  const law = fc.asyncProperty(
    folds,
    fc.array(fc.nat(), { minLength: 28, maxLength: 28 }),
    async (own, choices) => {
      const left = own.map(texts => [...texts])
      const merged: string[] = []
      for (const choice of choices) {
        const some = left.filter(texts => texts.length > 0)
        if (some.length > 0) merged.push(some[choice % some.length]!.shift()!)
      }
      deepStrictEqual(await fed(own, merged), { taken: merged.length, expected: null })
      // One less, and something is missing.
      const short = await fed(own, merged.slice(0, -1))
      equal(short.expected === null, merged.length === 0)
    },
  )
  await t.resolves(fc.assert(law, { numRuns: 60 }))
})

t.test('an order in which no fold wrote is not taken', async t => {
  t.same(await fed([['a', 'b', 'c']], ['a', 'c']), { taken: 1, expected: 'b' })
  t.same(
    await fed(
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      ['c', 'a', 'd', 'd'],
    ),
    { taken: 3, expected: 'b' },
  )
  // Whichever of the two the first a was of, the second fold's b comes after its own a.
  t.same(
    await fed(
      [
        ['a', 'x'],
        ['a', 'b'],
      ],
      ['a', 'x', 'b'],
    ),
    { taken: 2, expected: 'a' },
  )
  t.same(
    await fed(
      [
        ['a', 'x'],
        ['a', 'b'],
      ],
      ['a', 'b', 'a', 'x'],
    ),
    { taken: 4, expected: null },
  )
  t.same(await fed([], ['a']), { taken: 0, expected: null })
})

t.test('another key, a tombstone or another millisecond is another record', async t => {
  const { log, interleaved } = await written(['a'])
  const own = record('a')
  t.notOk(await interleaved.take({ ...own, key: Buffer.from('other') }))
  t.notOk(await interleaved.take({ ...own, value: null }))
  t.notOk(await interleaved.take({ ...own, time: own.time + 1_000 }))
  t.ok(await interleaved.take({ ...own, time: own.time + 999 }), 'Kafka keeps no more')
  await log.close()
})

t.test('of what is missing, the one of the same key is named', async t => {
  const { log, interleaved } = await written(['a'], ['b'])
  t.equal((await interleaved.expected(record('z')))?.value?.toString(), 'a')
  t.equal(
    (await interleaved.expected({ ...record('z'), key: Buffer.from('nobody') }))?.value?.toString(),
    'a',
  )
  await log.close()
})

t.test('long sequences are let go as they are compared', async t => {
  const texts = Array.from({ length: 12_000 }, (_, i) => `r${i}`)
  t.same(await fed([texts.filter((_, i) => i % 3 > 0), texts.filter((_, i) => i % 3 === 0)], texts), {
    taken: 12_000,
    expected: null,
  })
})

t.test(
  'copies that every fold wrote are told apart by who wrote them: 6 folds with 60 ticks each',
  async t => {
    // After their ticks each says something of its own.
    const folds = [0, 1, 2, 3, 4, 5].map(by => {
      const ticks = Array.from({ length: 60 }, (_, i) => record(`tick ${i}`))
      return [...ticks, record(`own ${by}`)].map(r => ({ ...r, headers: { by: `person/${by}` } }))
    })
    const law = fc.asyncProperty(fc.array(fc.nat(5), { minLength: 500, maxLength: 500 }), async choices => {
      const left = folds.map(own => [...own])
      const merged: StoredRecord[] = []
      for (const choice of choices) {
        const some = left.filter(own => own.length > 0)
        if (some.length > 0) merged.push({ ...some[choice % some.length]!.shift()!, offset: merged.length })
      }
      const { log, interleaved } = await written(...folds)
      for (const record of merged) equal(await interleaved.take(record), true)
      equal(await interleaved.expected(null), null)
      await log.close()
    })
    await t.resolves(fc.assert(law, { numRuns: 5 }))

    const { log, interleaved } = await written([folds[0]![0]!], [folds[1]![0]!])
    t.ok(await interleaved.take(folds[1]![0]!))
    t.notOk(await interleaved.take(folds[1]![0]!), 'it wrote it once')
    t.ok(
      await interleaved.take({ ...folds[0]![0]!, headers: undefined }),
      'a log from before does not say by whom',
    )
    await log.close()
  },
)
