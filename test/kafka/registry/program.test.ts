import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import avsc from 'avsc'
import { Kafka, logLevel } from 'kafkajs'
import t, { type Test } from 'tap'
import { temporaryFolder } from '../../support/folder.ts'
import { json, run } from '../../support/program.ts'
import { type ApicurioServer, apicurioMissing, startApicurio } from '../../support/servers/apicurio.ts'
import { kafkaMissing, startKafka } from '../../support/servers/kafka.ts'
import { executable } from '../../support/servers/machine.ts'

const ADDON = 'node_modules/node-rdkafka/build/Release/node-librdkafka.node'
const noAddon = executable(ADDON) ? null : 'writing to Kafka needs node-rdkafka (npm run install:kafka)'
t.setTimeout(600_000)
const skip = kafkaMissing() ?? apicurioMissing() ?? noAddon ?? false

const FILE = `platform,date,account_id,campaign_id,ad_id,impressions,clicks,spend,revenue,currency,conversions,as_of
meta,2026-01-01,a,c1,1,1000,10,5.00,20.00,USD,2,2026-01-12T00:00:00Z
google,2026-01-02,b,c9,7,500,0,2.50,0,USD,0,2026-01-12T00:00:00Z
`

t.test('the program on Kafka and a schema registry', { skip }, async t => {
  const [kafka, registry] = await Promise.all([startKafka(), startApicurio()])
  t.teardown(() => Promise.all([kafka.stop(), registry.stop()]))
  const dir = temporaryFolder(t)
  const env = {
    STRATUM_KAFKA__BROKERS: kafka.bootstrap,
    STRATUM_KAFKA__GROUPS: '2',
    STRATUM_REGISTRY__URL: `http://127.0.0.1:1/nobody,${registry.url}`,
  }
  const data = (name: string) => ['--data', join(dir, name)]

  await t.test('two processes that register at once agree', async t => {
    const ends = await Promise.all(['a', 'b'].map(name => run(['apply', ...data(name)], { env })))
    for (const { code, err } of ends) t.equal(code, 0, err)
    const subjects = await get<string[]>(registry, '/subjects')
    t.ok(subjects.length > 10)
    for (const subject of subjects)
      t.strictSame(await get(registry, `/subjects/${subject}/versions`), [1], `${subject} has one version`)
    t.match(await get(registry, `/config/${subjects[0]}`), { compatibilityLevel: 'BACKWARD_TRANSITIVE' })
  })

  await t.test('what it writes a stranger reads, with the registry alone', async t => {
    const path = join(dir, 'spend.csv')
    writeFileSync(path, FILE)
    const set = ['--set', `path=${path}`, '--set', 'mapping=generic']
    const { code, err } = await run(['ingest', 'csv', ...set, '--tenant', 'acme', ...data('a')], { env })
    t.equal(code, 0, err)
    const rows = await json<{ n: number }[]>(
      ['query', 'SELECT count() AS n FROM ad_metrics_daily_current', ...data('a')],
      { env },
    )
    t.ok(Number(rows[0]!.n) > 0)
    const records = await allOf(t, kafka.bootstrap, 'stratum.facts')
    t.ok(records.length > 0)
    for (const bytes of records) {
      t.equal(bytes[0], 0)
      const { schema } = await get<{ schema: string }>(registry, `/schemas/ids/${bytes.readUInt32BE(1)}`)
      const value = avsc.Type.forSchema(JSON.parse(schema)).fromBuffer(bytes.subarray(5))
      t.match(value, { tenant_id: 'acme', event_id: /./ })
    }
  })

  await t.test('without the registry its log is not opened, and says so', async t => {
    const { STRATUM_REGISTRY__URL: _, ...without } = env
    const { code, err } = await run(['topics', ...data('a')], { env: without })
    t.not(code, 0)
    t.match(err, /registry.url is not set, and the records of this log have ids of a schema registry/)
    await registry.kill()
    const looked = await run(['tap', 'facts', '--count', '1', ...data('a')], { env })
    t.equal(looked.code, 0, looked.err)
    t.match(looked.out, /acme/, 'while it is away, what is there can be read')
  })
})

async function get<T = object>({ url }: ApicurioServer, path: string): Promise<T> {
  const answer = await fetch(`${url}${path}`)
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  return (await answer.json()) as T
}

/** Values of all records of a topic, as they lie there. */
async function allOf(t: Test, broker: string, topic: string): Promise<Buffer[]> {
  const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  const ends = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  const left = new Map(ends.filter(e => e.high !== e.low).map(e => [e.partition, Number(e.high)]))
  const consumer = kafka.consumer({ groupId: 'stranger' })
  t.teardown(() => consumer.disconnect())
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const values: Buffer[] = []
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachBatch: async ({ batch }) => {
          for (const { value } of batch.messages) if (value) values.push(value)
          // The last offset of a partition may be of a transaction's marker.
          if (Number(batch.lastOffset()) + 2 >= (left.get(batch.partition) ?? 0)) left.delete(batch.partition)
          if (left.size === 0) resolve()
        },
      })
      .catch(reject)
  })
  return values
}
