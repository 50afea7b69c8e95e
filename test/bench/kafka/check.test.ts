import avsc from 'avsc'
import t from 'tap'
import { Check } from '../../../bench/kafka/check.ts'
import { Expected } from '../../../bench/kafka/expected.ts'
import { type BenchWindow, benchEvent, benchWindow, windowId } from '../../../bench/kafka/records.ts'

const MINUTE = 60e6
const START = 29_893_680 * MINUTE
const events = avsc.Type.forSchema(benchEvent.schema)
const windows = avsc.Type.forSchema(benchWindow.schema)
const wire = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), bytes])

const event = (minute: number, cost: number, ingest: number) =>
  wire(
    events.toBuffer({
      ...{ tenant_id: 't', event_id: 'e', event_time: START + minute * MINUTE + 5, ingest_time: ingest },
      ...{ source: 's', event_name: 'n', campaign_id: 'c', person_key: 'p', session_key: 's', url: 'u' },
      ...{ cost_micros: cost, currency: 'EUR' },
    }),
  )

function window(minute: number, totals: { events: number; cost: number; ingest: number }): Buffer {
  const start = START + minute * MINUTE
  const record: BenchWindow = {
    ...{ tenant_id: 't', campaign_id: 'c', event_id: windowId('t', 'c', start), event_time: start },
    ...{ ingest_time: totals.ingest, events: totals.events, cost_micros: totals.cost },
  }
  return wire(windows.toBuffer(record))
}

function expected() {
  const all = new Expected()
  all.add(0, event(0, 10, 100))
  all.add(0, event(1, 7, 300))
  all.add(0, event(0, 20, 200))
  return all.windows
}

const first = { events: 1, cost: 10, ingest: 100 }
const both = { events: 2, cost: 30, ingest: 200 }
const other = { events: 1, cost: 7, ingest: 300 }

function checked(...outputs: readonly (readonly [number, Buffer])[]): number {
  const check = new Check(expected())
  for (const [partition, bytes] of outputs) check.add(partition, bytes)
  check.finish()
  return check.records
}

t.test('outputs are right when the last of every window is', async t => {
  t.equal(checked([3, window(0, first)], [3, window(0, both)], [3, window(1, other)]), 3)
})

t.test('outputs are wrong when a window', async t => {
  const rest = [3, window(1, other)] as const
  t.throws(() => checked([3, window(0, both)]), /1 of 2 windows are wrong:\nt:c:\d+ is missing/)
  t.throws(() => checked([3, window(0, both)], [3, window(0, first)], rest), /is 1 events, 10/)
  t.throws(() => checked([3, window(0, { ...both, cost: 31 })], rest), /31.*should be 2, 30/)
  t.throws(() => checked([3, window(0, { ...both, ingest: 100 })], rest), /latest 100/)
  t.throws(() => checked([3, window(0, both)], rest, [3, window(2, first)]), /should not be there/)
  t.throws(() => checked([3, window(0, first)], [4, window(0, both)], rest), /in two partitions/)
})

t.test('events beyond the grace period are refused: systems may differ on them', async t => {
  const all = new Expected()
  all.add(0, event(61, 1, 1))
  t.throws(() => all.add(0, event(0, 1, 1)), /later than the grace/)
  t.doesNotThrow(() => all.add(1, event(0, 1, 1)), 'each partition has a time of its own')
})
