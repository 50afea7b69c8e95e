import fc from 'fast-check'
import t from 'tap'
import { deadLetterKind } from '../../../engine/deadletter/dead-letter.ts'
import type { Verdict } from '../../../engine/ops/verify.ts'
import { type House, type Some, THINGS, Things } from '../../support/things.ts'

const lab = new Things(t)
const NO_DAY: Some = { day: '1815-06-18' }
const FEBRUARY: Some = { day: '2026-02-01' }
/** Offsets 0 to 7; 2 and 5 are dead letters. Parts of two months. */
const EIGHT = [{}, {}, NO_DAY, FEBRUARY, FEBRUARY, NO_DAY, {}, {}]
const GOOD = { lost: 0, doubled: 0, alien: 0, older: 0, examples: [] }

/** A run that went well and has ended. */
async function ended(some: readonly Some[] = EIGHT): Promise<House> {
  const house = await lab.house({ cut: { rows: 3, bytes: 1 << 20, ms: 1 } })
  await house.start()
  await house.append(...some)
  await house.drain()
  await house.stop()
  return house
}

const at = (offset: number) => `${THINGS}/0@${offset}`

/** Does something to the tables of a house, as nobody should. */
async function damage(house: House, ...statements: readonly string[]): Promise<void> {
  for (const sql of statements)
    await house.warehouse.command(sql.replaceAll(/\b(things|dead_letters)\b/g, `${house.database}.$1`), {
      mutations_sync: 2,
      deduplicate_insert_select: 'disable',
    })
}

t.test('a good run: as many records as rows and dead letters, table by table', async t => {
  const house = await ended()
  t.same(await house.ask<Verdict>('verify'), [
    { table: 'things', records: 8, rows: 6, dead_letters: 2, ...GOOD },
    { table: 'dead_letters', records: 2, rows: 2, dead_letters: 0, ...GOOD },
  ])
  await house.close()
})

t.test('a good run that has not come to its end is no damage', async t => {
  const house = await ended()
  await house.append({}, NO_DAY)
  t.match(await house.verdict(), { records: 8, rows: 6, ...GOOD })
  const nothing = await ended([])
  t.match(await nothing.verdict(), { records: 0, rows: 0, ...GOOD })
  await house.close()
  await nothing.close()
})

t.test('every kind of damage is found, and where', async t => {
  const kinds: [string, string[], Partial<Verdict>][] = [
    [
      'a row deleted',
      ['ALTER TABLE things DELETE WHERE _offset = 3'],
      { lost: 1, rows: 5, examples: [`${at(3)}: neither a row nor a dead letter`] },
    ],
    [
      'a row doubled',
      ['INSERT INTO things SELECT * FROM things WHERE _offset = 1'],
      { doubled: 1, rows: 7, examples: [`${at(1)}: 2 rows and 0 dead letters`] },
    ],
    [
      'a row three times',
      [
        'INSERT INTO things SELECT * FROM things WHERE _offset = 1',
        'INSERT INTO things SELECT * FROM things WHERE _offset = 1 LIMIT 1',
      ],
      { doubled: 2, rows: 8 },
    ],
    [
      'a row of a record that was refused',
      ["INSERT INTO things SELECT * REPLACE (2 AS _offset) FROM things WHERE event_id = '<e1>'"],
      { doubled: 1, examples: [`${at(2)}: 1 rows and 1 dead letters`] },
    ],
    [
      'a row beyond the end of the log',
      ["INSERT INTO things SELECT * REPLACE (800 AS _offset) FROM things WHERE event_id = '<e1>'"],
      { alien: 1 },
    ],
    [
      'a row of another partition',
      ["INSERT INTO things SELECT * REPLACE (7 AS _partition) FROM things WHERE event_id = '<e1>'"],
      { alien: 1 },
    ],
    [
      'a row of another topic',
      ["INSERT INTO things SELECT * REPLACE ('stratum.else' AS _topic) FROM things WHERE event_id = '<e1>'"],
      { alien: 1 },
    ],
    [
      'a row moved to another record',
      [
        "INSERT INTO things SELECT * REPLACE (0 AS _offset) FROM things WHERE event_id = '<e1>'",
        'ALTER TABLE things DELETE WHERE _offset = 1',
      ],
      { lost: 1, doubled: 1, rows: 6 },
    ],
    ['a part dropped', ['ALTER TABLE things DROP PARTITION 202602'], { lost: 2, rows: 4 }],
    ['all rows gone', ['TRUNCATE TABLE things'], { lost: 6, rows: 0 }],
  ]
  for (const [what, statements, found] of kinds) {
    const house = await ended()
    await damage(house, ...statements)
    const none = { lost: 0, doubled: 0, alien: 0, older: 0 }
    t.match(await house.verdict(), { records: 8, dead_letters: 2, ...none, ...found }, what)
    t.match(
      await house.verdict('dead_letters'),
      { records: 2, rows: 2, ...GOOD },
      `${what}: and nowhere else`,
    )
    await house.close()
  }
})

t.test('a dead letter that is gone from the warehouse is a row lost there', async t => {
  const house = await ended()
  await damage(house, 'ALTER TABLE dead_letters DELETE WHERE offset = 2')
  t.match(await house.verdict(), GOOD, 'the log still has the letter')
  t.match(await house.verdict('dead_letters'), { records: 2, rows: 1, lost: 1 })
  await house.close()
})

t.test('a record that was refused and has no letter in the log is lost', async t => {
  const house = await ended()
  const { log } = house.stores
  // A log that forgot one of the two letters.
  const forgetful: typeof log = Object.create(log, {
    read: {
      value: async (...asked: Parameters<typeof log.read>) => {
        const batch = await log.read(...asked)
        if (batch?.topic !== 'stratum.deadletters') return batch
        return { ...batch, records: batch.records.filter(record => record.offset > 0) }
      },
    },
    bounds: { value: log.bounds.bind(log) },
    position: { value: log.position.bind(log) },
    topics: { value: log.topics.bind(log) },
  })
  const whole = house.stores
  house.stores = { ...whole, log: forgetful }
  t.match(await house.verdict(), { records: 8, rows: 6, dead_letters: 1, lost: 1, doubled: 0, alien: 0 })
  house.stores = whole
  await house.close()
})

t.test('a letter written twice is a record counted twice', async t => {
  const house = await ended()
  const { log } = house.stores
  const batch = await log.read('stratum.deadletters', 0, 0)
  const [letter] = batch!.records
  t.equal(house.stores.codec.reader().kindOf(letter!.value!), deadLetterKind.name)
  const writer = await log.writer('test.letters')
  await writer.commit({ appends: [{ topic: 'stratum.deadletters', partition: 0, records: [letter!] }] })
  t.match(await house.verdict(), { records: 8, doubled: 1, examples: [/0 rows and 2 dead letters/] })
  await house.close()
})

t.test('examples are the first few; counts are of all', async t => {
  const house = await ended(Array.from({ length: 40 }, () => ({})))
  await damage(house, 'ALTER TABLE things DELETE WHERE _offset >= 10')
  const { lost, examples } = await house.verdict()
  t.equal(lost, 30)
  t.same(
    examples,
    [10, 11, 12, 13, 14].map(offset => `${at(offset)}: neither a row nor a dead letter`),
  )
  await house.close()
})

t.test('whatever is taken away or added is counted to the row', async t => {
  const house = await ended(Array.from({ length: 20 }, () => ({})))
  await damage(
    house,
    'CREATE TABLE things_as_they_were AS things'.replace('things_as', `${house.database}.things_as`),
  )
  const copy = `${house.database}.things_as_they_were`
  await damage(house, `INSERT INTO ${copy} SELECT * FROM things`)
  const offset = fc.integer({ min: 0, max: 19 })
  const subset = fc.uniqueArray(offset)
  await fc.assert(
    fc.asyncProperty(subset, subset, fc.integer({ min: 0, max: 3 }), async (gone, doubled, aliens) => {
      const twice = doubled.filter(n => !gone.includes(n))
      const list = (offsets: readonly number[]) => `(${['NULL', ...offsets].join(', ')})`
      await damage(
        house,
        'TRUNCATE TABLE things',
        `INSERT INTO things SELECT * FROM ${copy} WHERE _offset NOT IN ${gone.length ? `(${gone.join(', ')})` : '(1000)'}`,
        `INSERT INTO things SELECT * FROM ${copy} WHERE _offset IN ${list(twice)}`,
        `INSERT INTO things SELECT * REPLACE (_offset + 100 AS _offset) FROM ${copy} ORDER BY _offset LIMIT ${aliens}`,
      )
      const rows = 20 - gone.length + twice.length
      t.match(await house.verdict(), { records: 20, lost: gone.length, doubled: twice.length, alien: aliens })
      t.equal((await house.rows()).length, rows + aliens)
      return t.passing()
    }),
    { numRuns: 20, endOnFailure: true },
  )
  await house.close()
})

t.test('rows whose records the log no longer holds are older, not alien', async t => {
  const house = await lab.house({ cut: { rows: 3, bytes: 1 << 20, ms: 1 }, retentionMs: () => 1_000 })
  await house.start()
  await house.append({}, {}, {})
  await house.drain()
  await house.append({}, {})
  await house.drain()
  await house.stop()
  const { droppedRecords } = await house.stores.log.clean(Date.parse('2027-01-01') * 1000)
  t.ok(droppedRecords > 0)
  const { start } = await house.stores.log.bounds(THINGS, 0)
  t.match(await house.verdict(), { records: 5 - start, lost: 0, doubled: 0, alien: 0, older: start })
  await house.close()
})

t.test('rows that the warehouse dropped for their age were called lost', async t => {
  const house = await ended([{}, { day: '2010-01-05' }, { day: '2011-02-05' }, {}])
  // What its own merges do sooner or later.
  await damage(
    house,
    'ALTER TABLE things DELETE WHERE _offset = 1',
    'ALTER TABLE things DELETE WHERE _offset = 2',
  )
  t.match(await house.verdict(), { records: 2, rows: 2, ...GOOD })
  await damage(house, 'ALTER TABLE things DELETE WHERE _offset = 3')
  t.match(await house.verdict(), { records: 2, rows: 1, lost: 1 }, 'others are')
  await house.close()
})
