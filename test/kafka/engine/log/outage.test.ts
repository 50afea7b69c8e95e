import t from 'tap'
import { KafkaLog } from '../../../../engine/log/kafka/log.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { kafkaMissing, startKafka } from '../../../support/servers/kafka.ts'

const skip = kafkaMissing() ?? false

t.test('a worker that was dealt a group while the broker was away ended', { skip }, async t => {
  const kafka = await startKafka({ proxies: 1 })
  t.teardown(() => kafka.stop())
  const [way] = kafka.proxies
  const log = await KafkaLog.open({
    kafka: { brokers: [way!.address] },
    dir: temporaryFolder(t),
    namespace: 'n',
    topics: { replication: 1, minInsync: 1, tombstonesMs: 86_400_000 },
    changelogOf: () => ({ topic: 'n-changelog', partition: 0 }),
    load: [{ topic: 'n-changelog', partition: 0 }],
    consumerGroup: group => group,
  })
  t.teardown(() => log.close())
  way!.cut()
  await t.rejects(log.writer('group'), { code: 'STORE_UNAVAILABLE' }, 'which is tried again')
  way!.heal()
  const writer = await log.writer('group')
  await writer.commit({ positions: [{ group: 'g', topic: 'n-changelog', partition: 0, next: 0 }] })
  t.equal(await log.position('g', 'n-changelog', 0), 0)
})
