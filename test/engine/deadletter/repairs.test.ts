import t from 'tap'
import { type DeadLetter, deadLetterKind, letterOfRecord } from '../../../engine/deadletter/dead-letter.ts'
import { findLetters } from '../../../engine/deadletter/letters.ts'
import { Repairs, type Replay } from '../../../engine/deadletter/repairs.ts'
import { type House, type Some, THINGS, Things } from '../../support/things.ts'

const lab = new Things(t)
const NO_DAY: Some = { day: '1815-06-18' }
const GOOD = { lost: 0, doubled: 0, alien: 0, older: 0 }

interface Letter {
  readonly id: string
  readonly state: string
  readonly origin: string
}
interface Report {
  readonly replayed: number
  readonly left_alone: number
  readonly reasons: readonly { readonly id: string; readonly why: string }[]
}

/** A running engine that has read these; refused ones are letters. */
async function running(...some: Some[]): Promise<House> {
  const house = await lab.house({ cut: { rows: 4, bytes: 1 << 20, ms: 1 } })
  await house.start()
  await house.append(...some)
  await house.drain()
  return house
}

const letters = (house: House, args = {}) => house.ask<Letter>('deadletters.list', args)
const replay = async (house: House, args = {}) => (await house.ask<Report>('deadletters.replay', args))[0]!
const edit = (house: House, id: string, ...set: [string, unknown][]) =>
  house.ask('deadletters.edit', { id, set })

t.test('a letter is mended and replayed, and its row is there once', async t => {
  const house = await running({ text: 'a' }, { ...NO_DAY, text: 'b' })
  const [letter] = await letters(house)
  t.match(letter, { state: 'open', origin: `${THINGS}/0@1` })
  await edit(house, letter!.id, ['day', '2026-01-07'])
  t.match(await letters(house), [{ state: 'edited' }])
  t.match(await replay(house), { replayed: 1, left_alone: 0 })
  await house.drain()
  t.same(await house.rows(), [
    { offset: 0, text: 'a' },
    { offset: 2, text: 'b' },
  ])
  t.same(await letters(house), [])
  t.match(await letters(house, { all: true }), [{ id: letter!.id, state: 'replayed' }])
  t.match(await house.ask('deadletters.show', { id: letter!.id }), [
    { state: 'replayed', payload: { day: NO_DAY.day }, replayed: { only: 'things', origin: { offset: 1 } } },
  ])
  t.match(await house.verdict(), { records: 2, rows: 2, dead_letters: 0, ...GOOD })
  await house.close()
})

t.test('a letter replayed twice, and by two at once, is replayed once', async t => {
  const house = await running(NO_DAY, NO_DAY)
  for (const { id } of await letters(house)) await edit(house, id, ['day', '2026-01-07'])
  const reports = await Promise.all([replay(house), replay(house), replay(house)])
  t.same(reports.map(r => r.replayed).sort(), [0, 0, 2])
  await house.drain()
  t.equal((await house.rows()).length, 2)
  t.match(await replay(house), { replayed: 0, left_alone: 0 })
  t.match(await house.verdict(), { rows: 2, ...GOOD })
  await house.close()
})

t.test('what is replayed unmended is refused again, as another letter of its own', async t => {
  const house = await running(NO_DAY)
  const [first] = await letters(house)
  await replay(house)
  await house.drain()
  const [second, ...others] = await letters(house)
  t.same(others, [])
  t.not(second!.id, first!.id)
  t.match(second, { state: 'open', origin: `${THINGS}/0@1` })
  await edit(house, second!.id, ['day', '2026-01-07'])
  await replay(house)
  await house.drain()
  t.match(await house.rows(), [{ offset: 2 }])
  t.match(await house.verdict(), { rows: 1, ...GOOD })
  await house.close()
})

t.test(
  'after a restart, and when the table is filled again, the replay is the row and its origin is not',
  async t => {
    const house = await running({ text: 'a' }, NO_DAY)
    const [letter] = await letters(house)
    await edit(house, letter!.id, ['day', '2026-01-07'])
    await replay(house)
    await house.drain()
    await house.stop()
    await house.ask('apply', { lose: ['things'] })
    await house.start()
    await house.drain()
    t.same(
      (await house.rows()).map(row => row.offset),
      [0, 2],
    )
    t.match(await house.verdict(), { records: 2, rows: 2, dead_letters: 0, ...GOOD })
    t.same(await letters(house), [])
    await house.close()
  },
)

t.test('edits are checked against the record, and can be taken back', async t => {
  const house = await running(NO_DAY)
  const [letter] = await letters(house)
  const { id } = letter!
  const usage = { code: 'USAGE' }
  await t.rejects(edit(house, id), { ...usage, message: /give at least one --set/ })
  await t.rejects(edit(house, id, ['dya', 1]), { ...usage, message: /no dya; it has tenant_id, .*day/ })
  await t.rejects(edit(house, id, ['day', 7]), {
    ...usage,
    message: /would not be a thing: day must be string, got 7/,
  })
  t.match(await letters(house), [{ state: 'open' }])
  await edit(house, id, ['day', '2026-01-07'])
  await edit(house, id, ['text', 'and more'])
  t.match(await house.ask('deadletters.show', { id }), [
    {
      payload: { day: NO_DAY.day, text: null },
      edited: { payload: { day: '2026-01-07', text: 'and more' } },
    },
  ])
  await house.ask('deadletters.edit', { id, reset: true })
  t.match(await letters(house), [{ state: 'open' }])
  await replay(house)
  await t.rejects(edit(house, id, ['day', '2026-01-07']), {
    ...usage,
    message: /has been replayed: there is nothing left/,
  })
  await house.close()
})

t.test(
  'a row refused at its source is none of the log: neither edited nor replayed, and it says where to mend it',
  async t => {
    const house = await running(NO_DAY)
    const { codec, log } = house.stores
    const record = {
      offset: 0,
      key: Buffer.from('acme'),
      value: Buffer.from('a;b'),
      time: 1,
    }
    const row: DeadLetter = {
      ...letterOfRecord(
        record,
        { topic: 'spend.csv', partition: 0 },
        { stage: 'csv', reason: 'oops is no number' },
      ),
      origin: 'spend.csv line 6',
      origin_topic: null,
      origin_partition: null,
      origin_offset: null,
      origin_key: null,
    }
    const value = codec.encode(deadLetterKind, row)
    const writer = await log.writer('test.letters')
    await writer.commit({
      appends: [{ topic: 'stratum.deadletters', partition: 0, records: [{ ...record, value }] }],
    })
    const why = /mend spend\.csv line 6 and read it again/
    t.match(await replay(house, { stage: 'csv' }), { replayed: 0, left_alone: 1, reasons: [{ why }] })
    const [letter] = await letters(house, { stage: 'csv' })
    t.match(letter, { state: 'open' })
    await t.rejects(edit(house, letter!.id, ['clicks', 3]), { code: 'USAGE', message: why })
    t.match(await house.ask('deadletters.show', { id: letter!.id }), [
      { payload: 'a;b', advice: /read it again/ },
    ])
    t.match(await replay(house), { replayed: 1, left_alone: 1 }, 'others are')
    await house.close()
  },
)

t.test('a replay of some letters leaves the others as they are', async t => {
  const house = await running(NO_DAY, { ...NO_DAY, tenant_id: 'globex' })
  t.match(await replay(house, { stage: 'normalise' }), { replayed: 0 })
  t.match(await replay(house, { only: 'dead_letters' }), { replayed: 0 })
  t.match(await replay(house, { tenant: 'globex' }), { replayed: 1 })
  t.equal((await letters(house)).filter(letter => letter.origin === `${THINGS}/0@0`).length, 1)
  await house.close()
})

t.test('what was edited and replayed is known again after the log was opened anew', async t => {
  const house = await running(NO_DAY, NO_DAY)
  const [one, two] = await letters(house)
  await edit(house, one!.id, ['day', '2026-01-07'])
  await replay(house, { ids: [two!.id] })
  await house.stop()
  const repairs = await Repairs.open(house.stores.log)
  const offset = Number(two!.origin.split('@')[1])
  t.same([...repairs.replacedRows('things', THINGS, 0)], [offset])
  t.same([...repairs.replacedRows('dead_letters', THINGS, 0)], [])
  t.same([...repairs.replacedRows('things', THINGS, 1)], [])
  t.match(await letters(house, { all: true }), [{ state: 'edited' }, { state: 'replayed' }])
  await house.close()
})

t.test('two processes replayed one letter each, and it was there twice', async t => {
  const house = await running(NO_DAY, NO_DAY)
  const { log, codec, repairs: here } = house.stores
  const there = await Repairs.open(log)
  const all = await findLetters(log, codec, {})
  const replayOf = (letter: DeadLetter): Replay => {
    const { origin_key: key, payload: value } = letter
    const origin = { topic: THINGS, partition: 0, offset: letter.origin_offset! }
    return {
      append: { topic: THINGS, partition: 0, records: [{ key: key!, value, time: 1 }] },
      mark: { at: 1, topic: THINGS, partition: 0, edited: false, only: null, origin },
    }
  }
  const { end } = await log.bounds(THINGS, 0)
  const marks = await Promise.all([here, there, here].map(repairs => repairs.replay(all, 1, replayOf)))
  t.same(marks.map(m => m.size).sort(), [0, 0, 2])
  t.equal((await log.bounds(THINGS, 0)).end, end + 2)
  await house.close()
})

t.test('an edit opened again a letter that another process had replayed', async t => {
  const house = await running(NO_DAY)
  const [letter] = await letters(house)
  const elsewhere = await Repairs.open(house.stores.log)
  await replay(house)
  const [gone] = await findLetters(house.stores.log, house.stores.codec, { ids: [letter!.id] })
  const replayed = new Error('replayed')
  const edited = elsewhere.edit(gone!, 2, before => {
    if (before.replayed) throw replayed
    return { value: '', at: 2 }
  })
  await t.rejects(edited, replayed)
  t.ok(elsewhere.of(gone!.event_id).replayed)
  await house.close()
})
