import avsc from 'avsc'
import t from 'tap'
import { EventPool } from '../../../bench/kafka/event-pool.ts'
import { type BenchEvent, benchEvent, EVENT_SCHEMA_ID, GRACE_US } from '../../../bench/kafka/records.ts'

const type = avsc.Type.forSchema(benchEvent.schema)
const FIRST = 1_793_620_800_000_000

function made(seed: number, count: number) {
  const pool = new EventPool({ seed, size: 500 })
  return Array.from({ length: count }, (_, i) => {
    const { key, value } = pool.next(FIRST + i * 1_000)
    const event = type.fromBuffer(value.subarray(5)) as BenchEvent
    return { key: key.toString(), head: value.readUIntBE(0, 5), bytes: value.length, event }
  })
}

t.test('what is written over in an encoded event is read as it was meant', async t => {
  const all = made(1, 2_000)
  const wrong = all.filter(
    ({ key, head, bytes, event }, i) =>
      head !== EVENT_SCHEMA_ID ||
      key !== `${event.tenant_id}\x1f${event.campaign_id}` ||
      event.ingest_time !== FIRST + i * 1_000 ||
      event.event_time > event.ingest_time ||
      event.event_time < event.ingest_time - GRACE_US ||
      !/^[0-9a-f]{32}$/.test(event.event_id) ||
      bytes < 250 ||
      bytes > 350,
  )
  t.strictSame(wrong, [])
  t.equal(new Set(all.map(({ event }) => event.event_id)).size, all.length, 'no two have the same id')
  t.equal(benchEvent.fields.length, 12)
})

t.test('the same seed makes the same events, another seed others', async t => {
  t.strictSame(made(7, 50), made(7, 50))
  t.notSame(made(7, 50), made(8, 50))
})
