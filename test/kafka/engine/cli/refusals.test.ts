import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { fails, place } from '../../../engine/cli/commands/place.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { run } from '../../../support/program.ts'
import { kafkaMissing, startKafka } from '../../../support/servers/kafka.ts'
import { startWarehouse } from '../../../support/servers/warehouse.ts'

const skip = kafkaMissing() ?? false
/** Nothing listens there. */
const NOBODY = '127.0.0.1:9'
t.setTimeout(400_000)

/** A worker with such settings says in one line what is wrong, and ends. */
async function refused(t: Test, env: Readonly<Record<string, string>>, says: RegExp, ...args: string[]) {
  const { stratum } = place(t, { STRATUM_WAREHOUSE__URL: 'http://127.0.0.1:9', ...env })
  fails(t, await stratum('worker', ...args), 1, says)
}

t.test('where Kafka is', async t => {
  t.setTimeout(240_000)
  await refused(t, {}, /kafka\.brokers is not set.*STRATUM_KAFKA__BROKERS=host:9092/)
  await refused(t, { STRATUM_KAFKA__BROKERS: 'localhost' }, /localhost is not host:port/)
  await refused(t, { STRATUM_KAFKA__BROKERS: NOBODY }, /Kafka is away.*127\.0\.0\.1:9.*Check kafka\.brokers/)
  await refused(
    t,
    { STRATUM_KAFKA__BROKERS: 'nowhere.invalid:9092' },
    /nowhere\.invalid.*Check kafka\.brokers/,
  )
  const { stratum } = place(t, { STRATUM_KAFKA__BROKERS: NOBODY })
  fails(t, await stratum('worker'), 1, /warehouse\.url is not set: workers share a ClickHouse/)
  fails(t, await stratum('api'), 1, /warehouse\.url is not set/)
  fails(t, await stratum('start', '--kafka'), 1, /Kafka is away/)
  fails(t, await stratum('lag'), 1, /Kafka is away/)
  fails(t, await stratum('pause', '--tenant', 'demo'), 1, /Kafka is away/)
  fails(t, await stratum('worker', '--shards', '4/3'), 2, /say i\/n with i from 1 to n/)
})

t.test('a cluster that cannot give exactly once', { skip, timeout: 240_000 }, async t => {
  // As a broker is that nobody has set up for standing alone.
  const kafka = await startKafka({
    settings: {
      'transaction.state.log.replication.factor': 3,
      'transaction.state.log.min.isr': 2,
      'auto.create.topics.enable': true,
    },
  })
  t.teardown(() => kafka.stop())
  const broker = { STRATUM_KAFKA__BROKERS: kafka.bootstrap }
  await refused(
    t,
    { ...broker, STRATUM_KAFKA__REPLICATION: '3' },
    /cannot have 3 replicas: the cluster has fewer brokers/,
  )
  await refused(
    t,
    broker,
    /cannot give exactly once: .*transaction\.state\.log\.replication\.factor is 3 and the cluster has 1 broker/,
  )
})

t.test('without node-rdkafka', { skip, timeout: 240_000 }, async t => {
  const [kafka, warehouse] = await Promise.all([startKafka(), startWarehouse()])
  t.teardown(() => Promise.all([kafka.stop(), warehouse.stop()]))
  const tree = withoutRdkafka(t)
  const { cwd } = place(t)
  const options = {
    cwd,
    program: join(tree, 'dist', 'stratum.js'),
    env: { STRATUM_KAFKA__BROKERS: kafka.bootstrap, STRATUM_WAREHOUSE__URL: warehouse.url },
  }
  const says = /Writing to Kafka needs node-rdkafka, which is not installed: run `npm run install:kafka`/
  fails(t, await run(['worker'], options), 1, says)
  fails(
    t,
    await run(
      ['ingest', 'csv', '--set', 'path=spend.csv', '--set', 'mapping=generic', '--tenant', 'demo'],
      options,
    ),
    1,
    says,
  )
  fails(t, await run(['start', '--kafka', '--port', '0'], options), 1, says)
  t.match(await run(['topics', '--json'], options), { code: 0 }, 'looking needs none')
})

/** The program as it is, and all that is installed but one. */
function withoutRdkafka(t: Test): string {
  const dist = fileURLToPath(new URL('../../../../', import.meta.url))
  const root = join(dist, '..')
  const tree = temporaryFolder(t)
  mkdirSync(join(tree, 'node_modules'))
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== 'node-rdkafka')
      symlinkSync(join(root, 'node_modules', name), join(tree, 'node_modules', name))
  cpSync(dist, join(tree, 'dist'), { recursive: true })
  cpSync(join(root, 'package.json'), join(tree, 'package.json'))
  return tree
}
