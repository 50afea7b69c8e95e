import t from 'tap'
import { CSV, GA4, place } from '../../../engine/cli/commands/place.ts'
import { lines } from '../../../support/program.ts'
import { kafkaMissing, startKafka } from '../../../support/servers/kafka.ts'
import { startWarehouse } from '../../../support/servers/warehouse.ts'

const skip = kafkaMissing() ?? false
t.setTimeout(580_000)

interface Summary {
  readonly hash: string
  readonly compared: string
  readonly records_written: number
  readonly topics: readonly { readonly topic: string; readonly records: number; readonly same: number }[]
}

t.test('a replay of what workers wrote', { skip, timeout: 570_000 }, async t => {
  const [kafka, warehouse] = await Promise.all([startKafka(), startWarehouse()])
  t.teardown(() => Promise.all([kafka.stop(), warehouse.stop()]))
  const cluster = place(t, {
    STRATUM_KAFKA__BROKERS: kafka.bootstrap,
    STRATUM_KAFKA__GROUPS: '4',
    STRATUM_WAREHOUSE__URL: warehouse.url,
    // The clock stands long ago, and a broker drops records by their time.
    STRATUM_LOG__RETENTION_DAYS__RAW: '36500',
    STRATUM_LOG__RETENTION_DAYS__FACTS: '36500',
    STRATUM_LOG__RETENTION_DAYS__OTHER: '36500',
  })
  let outs = 0
  const replay = (house: typeof cluster, pipeline: string, ...args: string[]) =>
    house.json<Summary>('replay', '--pipeline', pipeline, '--out', `out-${outs++}`, ...args)
  for (const house of [cluster, place(t)]) {
    await house.json('ingest', ...CSV, '--tenant', 'demo')
    await house.json('ingest', ...GA4, '--tenant', 'acme')
    for (const task of ['collect', 'tenant', 'person']) {
      const { compared, topics } = await replay(house, task)
      t.equal(compared, 'equal', task)
      t.ok(topics.some(({ same }) => same > 0))
      t.ok(topics.every(({ same, records }) => same === records))
    }
    if (house === cluster) continue
    const there = await replay(cluster, 'person')
    t.equal((await replay(house, 'person')).hash, there.hash, 'the same as on the embedded log')
  }

  const worker = cluster.start('worker', '--data', 'worker')
  t.teardown(() => void worker.kill('SIGKILL'))
  for await (const line of lines(worker.stdout)) if (line === 'ready') break
  t.match(await replay(cluster, 'tenant', '--tenant', 'acme'), { compared: 'equal' }, 'beside a worker')
  const { topics } = await replay(cluster, 'tenant', '--from', '2026-01-15T12:00:01Z')
  t.ok(
    topics.every(({ records }) => records === 0),
    'all was read before',
  )
  const before = await cluster.json('topics', '--partitions')
  await replay(cluster, 'collect')
  t.same(await cluster.json('topics', '--partitions'), before, 'it changes nothing')
})
