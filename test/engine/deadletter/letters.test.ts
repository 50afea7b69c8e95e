import t from 'tap'
import { type DeadLetter, deadLetterKind, letterOfRecord } from '../../../engine/deadletter/dead-letter.ts'
import { findLetters, type LetterFilter, lettersOf } from '../../../engine/deadletter/letters.ts'
import type { LogRecord } from '../../../engine/log/port.ts'
import { type House, Things } from '../../support/things.ts'

const lab = new Things(t)
const TOPIC = 'stratum.deadletters'
const DAY = 86_400_000_000
const NOW = 1_767_610_000_000_000

/** The letter of a record at an offset, refused at a time. */
function letterOf(offset: number, more: Partial<DeadLetter> = {}): DeadLetter {
  const record = {
    offset,
    key: Buffer.from(offset % 2 ? 'globex' : 'acme'),
    value: Buffer.from([0, offset]),
    time: NOW + offset * DAY,
  }
  const at = { topic: 'stratum.things', partition: 0 }
  const refusal = { stage: 'things', reason: `Day ${offset} is no day`, generation: '1' }
  return { ...letterOfRecord(record, at, refusal), ...more }
}

async function write(house: House, ...values: (DeadLetter | null | Buffer)[]): Promise<void> {
  const { codec, log } = house.stores
  const records = values.map((value): LogRecord => {
    const bytes = value === null || Buffer.isBuffer(value) ? value : codec.encode(deadLetterKind, value)
    return { key: Buffer.from('acme'), value: bytes, time: NOW }
  })
  const writer = await log.writer('test.letters')
  await writer.commit({ appends: [{ topic: TOPIC, partition: 0, records }] })
}

async function found(house: House, filter: LetterFilter): Promise<(number | null)[]> {
  const { log, codec } = house.stores
  return (await findLetters(log, codec, filter)).map(letter => letter.origin_offset)
}

t.test('where there is no log yet there are no letters', async t => {
  const house = await lab.house()
  t.same(await found(house, {}), [])
  await house.close()
})

t.test('each letter once, oldest first, by the last word about it', async t => {
  const house = await lab.house()
  await house.start()
  await house.drain()
  await house.stop()
  const again = letterOf(1, { reason: 'still no day', generation: '2' })
  await write(house, letterOf(3), letterOf(1), null, letterOf(2), again)
  t.same(await found(house, {}), [1, 2, 3])
  const { log, codec } = house.stores
  t.match((await findLetters(log, codec, {}))[0], { reason: 'still no day', generation: '2' })
  const all: number[] = []
  for await (const letter of lettersOf(log, codec)) all.push(letter.origin_offset!)
  t.same(all, [3, 1, 2, 1], 'as they were written')
  await house.close()
})

t.test('a filter is all of its parts', async t => {
  const house = await lab.house()
  await house.start()
  await house.stop()
  await write(house, ...[0, 1, 2, 3, 4].map(n => letterOf(n)), letterOf(5, { stage: 'normalise' }))
  const id = letterOf(3).event_id
  const cases: [LetterFilter, number[]][] = [
    [{ tenant: 'acme' }, [0, 2, 4]],
    [{ stage: 'normalise' }, [5]],
    [{ reason: 'day 2 IS' }, [2]],
    [{ since: NOW + 3 * DAY }, [3, 4, 5]],
    [{ since: NOW + 3 * DAY, tenant: 'acme' }, [4]],
    [{ ids: [id] }, [3]],
    [{ ids: [id.slice(0, 8), letterOf(0).event_id] }, [0, 3]],
    [{ ids: [id], tenant: 'acme' }, []],
    [{ ids: [] }, []],
  ]
  for (const [filter, offsets] of cases) t.same(await found(house, filter), offsets, JSON.stringify(filter))
  await house.close()
})

t.test('the same record refused by the same stage is the same letter, by another it is another', async t => {
  t.equal(letterOf(1).event_id, letterOf(1, {}).event_id)
  const record = { offset: 1, key: Buffer.from('a'), value: null, time: 1 }
  const of = (topic: string, partition: number, offset: number, stage: string) =>
    letterOfRecord({ ...record, offset }, { topic, partition }, { stage, reason: 'why' }).event_id
  const ids = [
    of('a', 0, 1, 's'),
    of('b', 0, 1, 's'),
    of('a', 1, 1, 's'),
    of('a', 0, 11, 's'),
    of('a', 0, 1, 'z'),
  ]
  t.equal(new Set(ids).size, ids.length)
  t.equal(of('a', 0, 1, 's'), ids[0])
})
