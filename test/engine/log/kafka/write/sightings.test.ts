import t from 'tap'
import type { RdProducer } from '../../../../../engine/log/kafka/write/rdkafka.ts'
import { Sightings } from '../../../../../engine/log/kafka/write/sightings.ts'
import { trouble } from './producer.ts'

type Report = (error: unknown, report: unknown) => void

function sighting(end: (topic: string, partition: number) => number) {
  let report!: Report
  let full = false
  const asked: string[] = []
  const producer = {
    on: (event: string, listener: Report) => {
      if (event === 'delivery-report') report = listener
    },
    produce: () => {
      if (full) throw trouble(-184)
    },
  } as unknown as RdProducer
  const sightings = new Sightings(producer, async (topic, partition) => {
    asked.push(`${topic}/${partition}`)
    return end(topic, partition)
  })
  const produce = () => sightings.watched.produce('t', 0, null, Buffer.from('k'), 1)
  return { sightings, produce, report, asked, fill: () => (full = true) }
}

t.test('what was written is waited for, in each partition up to its last record', async t => {
  let end = 5
  const { sightings, produce, report, asked } = sighting(topic => (topic === 't' ? end++ : 100))
  for (let i = 0; i < 3; i++) produce()
  const seen = sightings.seen()
  report(null, { topic: 't', partition: 0, offset: 6 })
  report(null, { topic: 't', partition: 0, offset: 7 })
  report(null, { topic: 'u', partition: 1, offset: 99 })
  await seen
  t.same(asked, ['t/0', 't/0', 't/0', 't/0', 'u/1'])
  await sightings.seen()
  t.equal(asked.length, 5, 'and no more after it')
})

t.test('a record that was not taken was waited for', { timeout: 10_000 }, async t => {
  const { sightings, produce, report, fill } = sighting(() => 100)
  produce()
  fill()
  t.throws(produce, { code: -184 })
  report(null, { topic: 't', partition: 0, offset: 0 })
  await sightings.seen()
})

t.test('records of an aborted transaction are reported too', async t => {
  const { sightings, produce, report, asked } = sighting(() => 100)
  produce()
  produce()
  report(trouble(-152), { topic: 't', partition: 0, offset: -1001 })
  report(trouble(-152), undefined)
  await sightings.seen()
  t.same(asked, [])
})
